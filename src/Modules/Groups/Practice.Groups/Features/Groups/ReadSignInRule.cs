using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Groups.Data;

namespace Practice.Groups.Features.Groups;

/// <param name="Provider">
/// The name of the identity provider that members must sign in with; null where any sign-in will do.
/// </param>
/// <param name="Offered">
/// Whether people can sign in with it here. The operator may have taken it away: then nobody is let in until an owner
/// changes this rule.
/// </param>
internal sealed record SignInRule(string? Provider, bool Offered);

/// <summary>
/// How members must sign in to this group. Also for a member whose session did not begin so, who learns what to do.
/// </summary>
internal sealed class ReadSignInRuleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/sign-in", Get)
            .RequireMember()
            .AllowWithoutRequiredProvider()
            .WithName("ReadSignInRule")
            .WithTags("Groups")
            .Produces<SignInRule>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        GroupsDbContext db,
        IModuleBus bus,
        HttpContext http,
        CancellationToken ct
    )
    {
        var group = await db.Groups.AsNoTracking().SingleOrDefaultAsync(g => g.Id == groupId, ct);
        if (group is null)
            return CommonErrors.NotFound.ToProblem();
        var offered = group.RequiredIssuer is { } issuer
            ? (await bus.QueryAsync(new ListIdentityProviders(), ct)).Providers.FirstOrDefault(provider =>
                provider.Issuer == issuer
            )
            : null;
        var rule = new SignInRule(offered?.Name ?? group.RequiredProvider, offered is not null);
        return ETags.Ok(http, rule, group.Version);
    }
}
