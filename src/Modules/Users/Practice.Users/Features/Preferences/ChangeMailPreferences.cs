using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Preferences;

/// <summary>Switches categories of email on and off. Their notifications are still shown in the product.</summary>
public sealed record ChangeMailPreferences(Body<MailPreferencesInput> Body, IfMatch IfMatch)
    : Message,
        ICommand<Success>;

/// <param name="Portal">Absent: unchanged.</param>
/// <param name="NewSignIns">Absent: unchanged.</param>
/// <param name="Reminders">Absent: unchanged.</param>
public sealed record MailPreferencesInput(
    bool? Onboarding,
    bool? Invitations,
    bool? Memberships,
    bool? Portal,
    bool? NewSignIns,
    bool? Reminders = null
);

internal sealed class MailPreferencesInputValidator : AbstractValidator<MailPreferencesInput>
{
    public MailPreferencesInputValidator()
    {
        RuleFor(input => input.Onboarding).Required();
        RuleFor(input => input.Invitations).Required();
        RuleFor(input => input.Memberships).Required();
    }
}

internal sealed class ChangeMailPreferencesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/users/me/mail-preferences", Put)
            .RequireSession()
            .WithName(nameof(ChangeMailPreferences))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Body<MailPreferencesInput> body,
        IfMatch ifMatch,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeMailPreferences(body, ifMatch), ct)).ToHttp(Results.NoContent);
}

public static class ChangeMailPreferencesHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeMailPreferences command,
        UsersDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (await db.LockMailPreferencesAsync(work.Caller.Person, ct) is not { } mine)
            return CommonErrors.NotFound;
        if (ETags.Check(command.IfMatch, mine.Version) is { } stale)
            return stale;

        if (mine.NewSignIns && read.Value.NewSignIns == false && !work.Caller.RecentlyVerified) // a thief would, first
            return AuthorizationErrors.VerificationRequired;

        mine.Choose(
            read.Value.Onboarding!.Value,
            read.Value.Invitations!.Value,
            read.Value.Memberships!.Value,
            read.Value.Portal,
            read.Value.NewSignIns,
            read.Value.Reminders
        );
        if (!work.HasChanged(mine))
            return Result.Success;
        work.Audit(UserAudit.MailPreferencesChanged, work.Caller.Person, null, read.Value);
        return Result.Success;
    }
}
