using FluentValidation;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// Requires members to sign in to this group with one of the identity providers of this host, or no longer. It counts
/// from everyone's next request. For owners who signed in with that provider themselves and have just confirmed their
/// password.
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
            .TakeAnySignIn()
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
        CancellationToken ct
    )
    {
        var providers = (await bus.QueryAsync(new ListIdentityProviders(), ct)).Providers;
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.Owner, ct);
        if (locked.IsError)
            return locked.Errors;
        var group = locked.Value.Group;
        // Nobody can sign in with a provider that is not here any more: then an owner's password is enough.
        if (work.Caller.BegunElsewhere && providers.Any(provider => provider.Issuer == group.RequiredIssuer))
            return AuthorizationErrors.ProviderRequired;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, group.Version) is { } stale)
            return stale;

        var wanted = read.Value.Provider.NullIfBlank();
        var chosen = providers.FirstOrDefault(p => p.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (wanted is not null && chosen is null)
            return GroupErrors.UnknownProvider;
        var (before, issuer) = (group.RequiredProvider, group.RequiredIssuer);
        group.RequireProvider(chosen);
        if (group.RequiredIssuer == issuer)
            return Result.Success;

        var required = new { from = before, to = group.RequiredProvider };
        work.Audit(GroupAudit.Changed, group.Id, group.Id, new { requiredProvider = required });
        if (await work.AuthorizeAgainAsync(ct) is { } denied)
            return denied;
        return work.Caller.BegunElsewhere ? GroupErrors.NotSignedInWithProvider : Result.Success;
    }
}
