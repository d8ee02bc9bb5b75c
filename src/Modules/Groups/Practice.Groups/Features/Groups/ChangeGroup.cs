using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;
using Practice.Shared.Texts;
using Wolverine;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// Changes what all members share: the group's name, address and business number, reminders, invoice defaults, whether
/// patients see new clinical records, whether it requires a second factor, and its idle limit. For owners only; who
/// loosens the last two must have confirmed their password.
/// </summary>
public sealed record ChangeGroup(Guid GroupId, IfMatch IfMatch, Body<GroupInput> Body) : Message, ICommand<Success>;

/// <param name="RequireTwoFactor">Absent: unchanged.</param>
/// <param name="Records">Absent: unchanged.</param>
public sealed record GroupInput(
    string? Name,
    RemindersInput? Reminders,
    InvoicesInput? Invoices,
    bool? RequireTwoFactor,
    RecordsInput? Records
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

    /// <summary>As it was read: the operator decides it, so it changes nothing.</summary>
    public bool? TextsOffered { get; init; }

    /// <summary>As it stands on invoices; may have several lines. Null or blank: none. Absent: unchanged.</summary>
    public string? Address
    {
        get;
        init => (field, SetsAddress) = (value, true);
    }

    internal bool SetsAddress { get; private init; }

    /// <summary>As it stands on invoices. Null or blank: none. Absent: unchanged.</summary>
    public string? Phone
    {
        get;
        init => (field, SetsPhone) = (value, true);
    }

    internal bool SetsPhone { get; private init; }

    /// <summary>
    /// The number under which the practice pays tax; an ABN where it has a location in Australia. Null or blank: none.
    /// Absent: unchanged.
    /// </summary>
    public string? BusinessNumber
    {
        get;
        init => (field, SetsBusinessNumber) = (value, true);
    }

    internal bool SetsBusinessNumber { get; private init; }
}

/// <param name="HoursBefore">
/// How many hours before an appointment its reminder goes out: 1 to 168, which is a week.
/// </param>
/// <param name="ByText">
/// Whether by text message, too; only where the operator has set a gateway up. Absent: unchanged.
/// </param>
public sealed record RemindersInput(bool? Enabled, int? HoursBefore, bool? ByText = null);

/// <param name="Currency">ISO 4217, such as <c>AUD</c>.</param>
/// <param name="DueAfterDays">How many days after its date an invoice is due: 0 to 365.</param>
public sealed record InvoicesInput(string? Currency, int? DueAfterDays);

/// <param name="ShareByDefault">
/// Whether new clinical records are shared with their patients, unless their author says otherwise.
/// </param>
public sealed record RecordsInput(bool? ShareByDefault);

internal sealed class GroupInputValidator : AbstractValidator<GroupInput>
{
    private const int HoursOfAWeek = 7 * 24;
    private const int DaysOfAYear = 365;
    private const int MinutesOfADay = 24 * 60;

    /// <summary><c>authority.authorize</c> looks no limit up for a session that was used in this time.</summary>
    private const int MinIdleMinutes = 5;

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
        RuleFor(group => group.Records)
            .ChildRules(records => records.RuleFor(r => r!.ShareByDefault).Required())
            .When(group => group.Records is not null);
        RuleFor(group => group.IdleMinutes)
            .InclusiveBetween(MinIdleMinutes, MinutesOfADay)
            .WithMessage($"Enter {MinIdleMinutes} to {MinutesOfADay} minutes.");
        RuleFor(group => group.Address).PostalAddress();
        RuleFor(group => group.Phone).OptionalText(40);
        RuleFor(group => group.BusinessNumber)
            .OptionalText(BusinessNumbers.MaxLength)
            .Must(number => string.IsNullOrWhiteSpace(number) || BusinessNumbers.IsPlausible(number))
            .WithMessage("Enter the number as your tax office writes it: letters and digits.");
        RuleFor(group => group.Invoices)
            .Required()
            .ChildRules(invoices =>
            {
                invoices
                    .RuleFor(i => i!.Currency)
                    .MustBe(Currencies.IsKnown, Currencies.Facts)
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
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
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
        TextGatewaySettings texts,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var read = command.Body.Read();
        var australian =
            !read.IsError
            && !string.IsNullOrWhiteSpace(read.Value.BusinessNumber)
            && (await bus.QueryAsync(new ListLocations(command.GroupId), ct)).Locations.Any(location =>
                !location.Archived && BusinessNumbers.IsAustralian(location.TimeZone)
            );
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.Owner, ct);
        if (locked.IsError)
            return locked.Errors;
        var group = locked.Value.Group;
        if (read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, group.Version) is { } stale)
            return stale;

        var (name, reminders, invoices, twoFactor, records) = read.Value;
        var idle = read.Value.SetsIdleMinutes ? read.Value.IdleMinutes : group.IdleMinutes;
        if (idle > idleLimit.Minutes && idle != group.IdleMinutes)
            return ApiError.InvalidField(
                "idleMinutes",
                $"Everyone is signed out after {idleLimit.Minutes} minutes. Enter that or less."
            );
        var number = BusinessNumberOf(read.Value, group, australian);
        if (number.IsError)
            return number.Errors;
        var loosens = (group.RequiresTwoFactor && twoFactor is false) || group.LoosensIdle(idle);
        if (loosens && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;
        var before = Before.Of(group);
        await RenameAsync(db, group, name!, messages, ct);
        var byText = reminders!.ByText ?? group.RemindsByText;
        if (reminders.ByText == true && !texts.IsSetUp)
            return GroupErrors.TextsNotSetUp;
        if (group.Remind(reminders.Enabled!.Value, reminders.HoursBefore!.Value, byText))
            await messages.PublishAsync(new RemindersChanged(group.Id));
        group.Invoice(invoices!.Currency!, invoices.DueAfterDays!.Value);
        group.ShareRecords(records?.ShareByDefault ?? group.SharesRecords);
        group.Describe(
            read.Value.SetsAddress ? read.Value.Address.NullIfBlank() : group.Address,
            read.Value.SetsPhone ? read.Value.Phone.NullIfBlank() : group.Phone,
            number.Value.NullIfBlank()
        );
        group.RequireTwoFactor(twoFactor ?? group.RequiresTwoFactor);
        group.LimitIdle(idle);
        if (!work.HasChanged(group))
            return Result.Success;
        Audit(work, group, before, read.Value);
        // An owner who has not shown a second factor cannot require one: it would lock them out.
        return await work.AuthorizeAgainAsync(ct) is { } denied ? denied : Result.Success;
    }

    private static async Task RenameAsync(
        GroupsDbContext db,
        Group group,
        string name,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (name.Trim() == group.Name)
            return;
        group.Rename(name);
        await db
            .Invitations.Where(invitation =>
                invitation.GroupId == group.Id && invitation.Status == InvitationStatus.Pending
            )
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.GroupName, group.Name), ct);
        await messages.PublishAsync(new GroupRenamed(group.Id, group.Name));
    }

    /// <summary>The address and the phone may be a person's: only that they changed is written.</summary>
    private static void Audit(UnitOfWork work, Group group, Before before, GroupInput input) =>
        work.Audit(
            GroupAudit.Changed,
            group.Id,
            group.Id,
            new
            {
                input.Reminders,
                input.Invoices,
                Changes = work.ChangesOf(group)
                    .Where(change =>
                        change.What == "name"
                        || change.What.StartsWith("remind", StringComparison.Ordinal)
                        || change.What.StartsWith("invoice", StringComparison.Ordinal)
                    ),
                group.RequiresTwoFactor,
                twoFactor = Changed(before.TwoFactor, group.RequiresTwoFactor),
                shareRecords = Changed(before.SharesRecords, group.SharesRecords),
                address = before.Address == group.Address ? null : AuditDetails.Changed,
                phone = before.Phone == group.Phone ? null : AuditDetails.Changed,
                businessNumber = Changed(before.BusinessNumber, group.BusinessNumber),
                idleMinutes = Changed(before.IdleMinutes, group.IdleMinutes),
            }
        );

    private static object? Changed<T>(T from, T to) =>
        EqualityComparer<T>.Default.Equals(from, to) ? null : new { from, to };

    /// <summary>The number that the group has from now on; blank for none.</summary>
    private static ErrorOr<string> BusinessNumberOf(GroupInput input, Group group, bool australian)
    {
        if (!input.SetsBusinessNumber)
            return group.BusinessNumber ?? "";
        if (input.BusinessNumber?.Trim() == group.BusinessNumber)
            return group.BusinessNumber ?? ""; // it was right when it was entered
        if (!australian || string.IsNullOrWhiteSpace(input.BusinessNumber))
            return input.BusinessNumber?.Trim() ?? "";
        return BusinessNumbers.Abn(input.BusinessNumber) is { } abn
            ? abn
            : ApiError.InvalidField(
                "businessNumber",
                "This is not an ABN. Check its 11 digits, such as 51 824 753 556."
            );
    }

    private sealed record Before(
        bool TwoFactor,
        bool SharesRecords,
        int? IdleMinutes,
        string? Address,
        string? Phone,
        string? BusinessNumber
    )
    {
        public static Before Of(Group group) =>
            new(
                group.RequiresTwoFactor,
                group.SharesRecords,
                group.IdleMinutes,
                group.Address,
                group.Phone,
                group.BusinessNumber
            );
    }
}
