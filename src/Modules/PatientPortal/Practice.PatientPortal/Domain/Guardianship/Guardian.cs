using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.Domain.Guardianship;

public enum Relationship
{
    Parent,
    Guardian,

    /// <summary>
    /// Also of an adult. A practice verifies it up to a last day, which opens that practice's records only.
    /// </summary>
    LegalGuardian,

    Other,
}

/// <summary>A practice has verified a legal guardian of an adult.</summary>
/// <param name="Until">The last day, included.</param>
public sealed record Verification(Guid GroupId, DateOnly Until)
{
    internal DateTimeOffset EndsAt(PortalOptions options) => PortalDays.BeginningOf(Until.AddDays(1), options.TimeZone);
}

/// <summary>A person who runs a dependant's account. Several guardians act independently.</summary>
public sealed class Guardian
{
    /// <summary>How many guardians an account may have, with those who have not answered yet.</summary>
    internal const int MaxOfAnAccount = 10;

    /// <summary>How many accounts a person may run.</summary>
    internal const int MaxOfAPerson = 20;

    private Guardian() { }

    /// <summary>
    /// Names the guardianship to practices. The person's own id would tell who they are to a colleague who may not see
    /// names.
    /// </summary>
    public Guid Id { get; private init; }

    public Guid AccountId { get; private init; }
    public Guid UserId { get; private init; }
    public string UserName { get; private set; } = null!;
    public string UserEmail { get; private set; } = null!;
    public Relationship Relationship { get; private init; }

    /// <summary>The practices that have verified a legal guardian, each for its own records.</summary>
    public IReadOnlyList<Verification> Verified { get; private set; } = [];

    public DateTimeOffset AddedAt { get; private init; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The warnings already sent: limit, day, and how many days ahead.</summary>
    public List<string> Warned { get; private set; } = [];

    internal static Guardian Of(
        Guid accountId,
        Guid userId,
        string name,
        string email,
        Relationship relationship,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.NewGuid(),
            AccountId = accountId,
            UserId = userId,
            UserName = name,
            UserEmail = email,
            Relationship = relationship,
            AddedAt = now,
        };

    /// <summary>
    /// When the guardianship of a minor ends, which opens the records of all practices, and when clinical access ends
    /// before that. The operator's time zone counts: a guardian could change the account's.
    /// </summary>
    internal static (DateTimeOffset EndsAt, DateTimeOffset ClinicalEndsAt) OfMinor(
        PortalAccount account,
        PortalOptions options
    ) =>
        (
            PortalDays.BeginningOf(Ages.Reached(account.DateOfBirth, options.AdultAge), options.TimeZone),
            PortalDays.BeginningOf(Ages.Reached(account.DateOfBirth, options.ClinicalAge), options.TimeZone)
        );

    /// <summary>When the guardianship ends at all.</summary>
    internal DateTimeOffset EndsAt(PortalAccount account, PortalOptions options) =>
        Verified.Select(verified => verified.EndsAt(options)).Append(OfMinor(account, options).EndsAt).Max();

    /// <summary>Whether it opens the records of a practice at this moment.</summary>
    internal bool Opens(Guid groupId, PortalAccount account, PortalOptions options, DateTimeOffset now) =>
        EndedAt is null
        && (
            OfMinor(account, options).EndsAt > now
            || Verified.Any(verified => verified.GroupId == groupId && verified.EndsAt(options) > now)
        );

    /// <summary>Each limit with the first day on which it holds, for one practice or another.</summary>
    internal IEnumerable<(GuardianshipLimit Limit, DateOnly On)> Limits(PortalAccount account, PortalOptions options) =>
        Verified
            .Select(verified => EndsOn(verified, account, options))
            .Append(EndsOn(null, account, options))
            .Distinct()
            .Select(on => (GuardianshipLimit.GuardianshipEnds, on))
            .Prepend((GuardianshipLimit.ClinicalSuspended, Ages.Reached(account.DateOfBirth, options.ClinicalAge)));

    /// <summary>Whether a limit is one of the access to this practice's records.</summary>
    internal bool Concerns(
        Guid groupId,
        GuardianshipLimit limit,
        DateOnly on,
        PortalAccount account,
        PortalOptions options
    ) =>
        limit == GuardianshipLimit.ClinicalSuspended
        || on == EndsOn(Verified.FirstOrDefault(verified => verified.GroupId == groupId), account, options);

    private static DateOnly EndsOn(Verification? verified, PortalAccount account, PortalOptions options)
    {
        var ofAge = Ages.Reached(account.DateOfBirth, options.AdultAge);
        return verified?.Until.AddDays(1) is { } end && end > ofAge ? end : ofAge;
    }

    /// <summary>Remembers that a warning is sent. False if it was sent before.</summary>
    internal bool Warn(GuardianshipLimit limit, DateOnly on, int daysAhead)
    {
        var warning = $"{limit.ToCode()} {on:yyyy-MM-dd} {daysAhead}";
        if (Warned.Contains(warning))
            return false;
        Warned.Add(warning);
        return true;
    }

    internal void Verify(Guid groupId, DateOnly until) =>
        Verified = [.. Verified.Where(verified => verified.GroupId != groupId), new(groupId, until)];

    /// <summary>
    /// The practice's records are no longer linked to the account. Who links them again verifies again.
    /// </summary>
    internal void EndVerification(Guid groupId, DateOnly today)
    {
        if (Verified.Any(verified => verified.GroupId == groupId && verified.Until >= today))
            Verify(groupId, today.AddDays(-1));
    }

    internal void End(DateTimeOffset now) => EndedAt ??= now;
}
