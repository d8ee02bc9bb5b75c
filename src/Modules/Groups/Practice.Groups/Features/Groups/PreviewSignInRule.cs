using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

/// <summary>Who could not open the group if it required this provider.</summary>
/// <param name="Members">How many active members the group has.</param>
/// <param name="NotConnected">How many of them have not connected the provider with their account.</param>
/// <param name="Owners">The owners among those. Until they have connected it, the group cannot require it.</param>
internal sealed record SignInRulePreview(int Members, int NotConnected, IReadOnlyList<OwnerNotConnected> Owners);

internal sealed record OwnerNotConnected(Guid UserId, string FirstName, string LastName);

/// <summary>
/// Previews requiring an identity provider: how many members have not connected it, and which owners. Nothing is
/// stored.
/// </summary>
internal sealed class PreviewSignInRuleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/sign-in/providers/{name}", Get)
            .RequireOwner(changes: false)
            .WithName("PreviewSignInRule")
            .WithTags("Groups")
            .Produces<SignInRulePreview>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Get(
        Guid groupId,
        string name,
        GroupsDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var members = await db.FindActiveMembersAsync(groupId, ct);
        var provider = (await bus.QueryAsync(new ListIdentityProviders(), ct)).Providers.FirstOrDefault(p =>
            p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        );
        if (provider is null)
            return GroupErrors.UnknownProvider.ToProblem();
        List<Guid> ids = [.. members.Select(member => member.UserId)];
        var connected = (await bus.QueryAsync(new FindConnectedAccounts(ids, provider.Issuer), ct)).UserIds;
        var missing = members.ExceptBy(connected, member => member.UserId).ToList();
        return Results.Ok(
            new SignInRulePreview(
                members.Count,
                missing.Count,
                [
                    .. missing
                        .Where(member => member.IsOwner)
                        .OrderBy(member => member.LastName, StringComparer.OrdinalIgnoreCase)
                        .ThenBy(member => member.FirstName, StringComparer.OrdinalIgnoreCase)
                        .Select(owner => new OwnerNotConnected(owner.UserId, owner.FirstName, owner.LastName)),
                ]
            )
        );
    }
}
