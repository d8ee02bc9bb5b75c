using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// Requires members to sign in to this group with one of the identity providers of this host, or no longer. It counts
/// from everyone's next request, and they are told. For owners who signed in with that provider themselves and have
/// just confirmed their password. All other owners have connected it.
/// </summary>
public sealed record ChangeSignInRule(Guid GroupId, IfMatch IfMatch, Body<SignInRuleInput> Body)
    : Message,
        ICommand<Success>;

/// <param name="Provider">A provider's name. Null or absent: any sign-in will do.</param>
public sealed record SignInRuleInput(string? Provider);

internal sealed class SignInRuleInputValidator : AbstractValidator<SignInRuleInput>
{
    public SignInRuleInputValidator() => RuleFor(rule => rule.Provider).OptionalText(40);
}

internal sealed class ChangeSignInRuleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/sign-in", Put)
            .RequireOwner()
            .RequireVerified()
            .AllowWithoutRequiredProvider()
            .WithName(nameof(ChangeSignInRule))
            .WithTags("Groups")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        IfMatch ifMatch,
        Body<SignInRuleInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeSignInRule(groupId, ifMatch, body), ct)).ToHttp(() => Results.NoContent());
}

public static class ChangeSignInRuleHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeSignInRule command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var providers = (await bus.QueryAsync(new ListIdentityProviders(), ct)).Providers;
        var read = command.Body.Read();
        var wanted = read.IsError ? null : read.Value.Provider.NullIfBlank();
        var chosen = providers.FirstOrDefault(p => p.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        var connected = chosen is null
            ? []
            : await db.FindConnectedOwnersAsync(bus, command.GroupId, chosen.Issuer, ct);
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.Owner, ct);
        if (locked.IsError)
            return locked.Errors;
        var group = locked.Value.Group;
        // Nobody can sign in with a provider that is not here any more: then an owner's password is enough.
        if (
            work.Caller.SignedInWithoutRequiredProvider
            && providers.Any(provider => provider.Issuer == group.RequiredIssuer)
        )
            return AuthorizationErrors.ProviderRequired;
        if (read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, group.Version) is { } stale)
            return stale;

        if (wanted is not null && chosen is null)
            return GroupErrors.UnknownProvider;
        var (before, issuer) = (group.RequiredProvider, group.RequiredIssuer);
        group.RequireProvider(chosen);
        if (group.RequiredIssuer == issuer)
            return Result.Success;

        // An owner who became one since they were asked for counts as not connected.
        var others = db.ActiveOwners(group.Id)
            .Where(owner => owner.UserId != work.Caller.Person && !connected.Contains(owner.UserId));
        if (chosen is not null && await others.CountAsync(ct) is var missing and > 0)
            return GroupErrors.OwnersNotConnected(missing);
        var required = new { from = before, to = group.RequiredProvider };
        work.Audit(GroupAudit.Changed, group.Id, group.Id, new { requiredProvider = required });
        if (await work.AuthorizeAgainAsync(ct) is { } denied)
            return denied;
        if (work.Caller.SignedInWithoutRequiredProvider)
            return GroupErrors.NotSignedInWithProvider;

        var members = await db.FindActiveMembersAsync(group.Id, ct);
        await messages.PublishAsync(
            new SignInRuleChanged(
                group.Id,
                group.Name,
                group.RequiredProvider,
                group.RequiredIssuer,
                [.. members.Select(member => member.UserId)]
            )
        );
        return Result.Success;
    }
}
