using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// Changes what all members share: the group's name, reminders, invoice defaults, whether it requires a second factor,
/// and its idle limit. For owners only; who loosens the last two must have confirmed their password.
/// </summary>
public sealed record ChangeGroup(Guid GroupId, IfMatch IfMatch, Body<GroupInput> Body) : Message, ICommand<Success>;

/// <param name="RequireTwoFactor">Absent: unchanged.</param>
public sealed record GroupInput(
    string? Name,
    RemindersInput? Reminders,
    InvoicesInput? Invoices,
    bool? RequireTwoFactor
)
{
    /// <summary>
    /// After how many minutes without use a session must be confirmed: 5 to 1440, at most the operator's limit. Null:
    /// the operator's. Absent: unchanged.
    /// </summary>
    public int? IdleMinutes
    {
        get;
        init => (field, SetsIdleMinutes) = (value, true);
    }

    internal bool SetsIdleMinutes { get; private init; }
}

/// <param name="HoursBefore">
/// How many hours before an appointment its reminder goes out: 1 to 168, which is a week.
/// </param>
public sealed record RemindersInput(bool? Enabled, int? HoursBefore);

/// <param name="Currency">ISO 4217, such as <c>AUD</c>.</param>
/// <param name="DueAfterDays">How many days after its date an invoice is due: 0 to 365.</param>
public sealed record InvoicesInput(string? Currency, int? DueAfterDays);

internal sealed class GroupInputValidator : AbstractValidator<GroupInput>
{
    private const int HoursOfAWeek = 7 * 24;
    private const int DaysOfAYear = 365;
    private const int MinutesOfADay = 24 * 60;

    /// <summary><c>authority.authorize</c> looks no limit up for a session that was used in this time.</summary>
    private const int FewestIdleMinutes = 5;

    public GroupInputValidator()
    {
        RuleFor(group => group.Name).RequiredText(100);
        RuleFor(group => group.Reminders)
            .Required()
            .ChildRules(reminders =>
            {
                reminders.RuleFor(r => r!.Enabled).Required();
                reminders
                    .RuleFor(r => r!.HoursBefore)
                    .Required()
                    .InclusiveBetween(1, HoursOfAWeek)
                    .WithMessage($"Enter 1 to {HoursOfAWeek} hours.");
            });
        RuleFor(group => group.IdleMinutes)
            .InclusiveBetween(FewestIdleMinutes, MinutesOfADay)
            .WithMessage($"Enter {FewestIdleMinutes} to {MinutesOfADay} minutes.");
        RuleFor(group => group.Invoices)
            .Required()
            .ChildRules(invoices =>
            {
                invoices
                    .RuleFor(i => i!.Currency)
                    .Must(Currencies.IsKnown)
                    .WithMessage("Enter an ISO 4217 currency code, such as AUD.");
                invoices
                    .RuleFor(i => i!.DueAfterDays)
                    .Required()
                    .InclusiveBetween(0, DaysOfAYear)
                    .WithMessage($"Enter 0 to {DaysOfAYear} days.");
            });
    }
}

internal sealed class ChangeGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}", Put)
            .RequireOwner()
            .WithName(nameof(ChangeGroup))
            .WithTags("Groups")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        IfMatch ifMatch,
        Body<GroupInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeGroup(groupId, ifMatch, body), ct)).ToHttp(() => Results.NoContent());
}

public static class ChangeGroupHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        SessionIdleLimit idleLimit,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var group = await db.LockGroupAsync(command.GroupId, ct);
        if (await db.FindMemberAsync(group.Id, work.Caller.Person, ct) is not { IsActive: true, IsOwner: true })
            return AuthorizationErrors.NotAllowed; // they may have lost it while waiting for the lock
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, group.Version) is { } stale)
            return stale;

        var (name, reminders, invoices, twoFactor) = read.Value;
        var idle = read.Value.SetsIdleMinutes ? read.Value.IdleMinutes : group.IdleMinutes;
        if (idle > idleLimit.Minutes && idle != group.IdleMinutes)
            return ApiError.InvalidField(
                "idleMinutes",
                $"Everyone is signed out after {idleLimit.Minutes} minutes. Enter that or less."
            );
        var loosens = (group.RequiresTwoFactor && twoFactor is false) || group.LoosensIdle(idle);
        if (loosens && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;
        if (name!.Trim() != group.Name)
        {
            group.Rename(name);
            await db
                .Invitations.Where(invitation =>
                    invitation.GroupId == group.Id && invitation.Status == InvitationStatus.Pending
                )
                .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.GroupName, group.Name), ct);
            await messages.PublishAsync(new GroupRenamed(group.Id, group.Name));
        }

        group.Remind(reminders!.Enabled!.Value, reminders.HoursBefore!.Value);
        group.Invoice(invoices!.Currency!, invoices.DueAfterDays!.Value);
        var (hadTwoFactor, hadIdle) = (group.RequiresTwoFactor, group.IdleMinutes);
        group.RequireTwoFactor(twoFactor ?? group.RequiresTwoFactor);
        group.LimitIdle(idle);
        work.Audit(
            GroupAudit.Changed,
            group.Id,
            group.Id,
            new
            {
                reminders,
                invoices,
                group.RequiresTwoFactor,
                twoFactor = hadTwoFactor == group.RequiresTwoFactor
                    ? null
                    : new { from = hadTwoFactor, to = group.RequiresTwoFactor },
                idleMinutes = hadIdle == idle ? null : new { from = hadIdle, to = idle },
            }
        );
        // An owner who has not shown a second factor cannot require one: it would lock them out.
        return await work.AuthorizeAgainAsync(ct) is { } denied ? denied : Result.Success;
    }
}
