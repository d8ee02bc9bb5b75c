using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.Domain.Guardianship;

public enum Relationship
{
    Parent,
    Guardian,

    /// <summary>
    /// Of an adult dependant. A practice verifies it, up to a last day that counts instead of the ages.
    /// </summary>
    LegalGuardian,

    Other,
}

/// <summary>A person who runs a dependant's account. Several guardians act independently.</summary>
public sealed class Guardian
{
    /// <summary>How many guardians an account may have, with those who have not answered yet.</summary>
    internal const int MaxOfAnAccount = 10;

    /// <summary>How many accounts a person may run.</summary>
    internal const int MaxOfAPerson = 20;

    private Guardian() { }

    public Guid AccountId { get; private init; }
    public Guid UserId { get; private init; }
    public string UserName { get; private set; } = null!;
    public string UserEmail { get; private set; } = null!;
    public Relationship Relationship { get; private init; }

    /// <summary>For a legal guardian, the last day that a practice has verified.</summary>
    public DateOnly? VerifiedUntil { get; private set; }

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
            AccountId = accountId,
            UserId = userId,
            UserName = name,
            UserEmail = email,
            Relationship = relationship,
            AddedAt = now,
        };

    /// <summary>When the guardianship ends, and when clinical access ends before that.</summary>
    internal (DateTimeOffset EndsAt, DateTimeOffset? ClinicalEndsAt) Ends(
        PortalAccount account,
        PortalOptions options
    ) =>
        Relationship == Relationship.LegalGuardian && VerifiedUntil is { } until
            ? (Ages.BeginningOf(until.AddDays(1), account.TimeZone), null)
            : (
                Ages.BeginningOf(Ages.Reached(account.DateOfBirth, options.AdultAge), account.TimeZone),
                Ages.BeginningOf(Ages.Reached(account.DateOfBirth, options.ClinicalAge), account.TimeZone)
            );

    /// <summary>Each limit with the first day on which it holds.</summary>
    internal IEnumerable<(GuardianshipLimit Limit, DateOnly On)> Limits(PortalAccount account, PortalOptions options) =>
        Relationship == Relationship.LegalGuardian && VerifiedUntil is { } until
            ? [(GuardianshipLimit.GuardianshipEnds, until.AddDays(1))]
            :
            [
                (GuardianshipLimit.ClinicalSuspended, Ages.Reached(account.DateOfBirth, options.ClinicalAge)),
                (GuardianshipLimit.GuardianshipEnds, Ages.Reached(account.DateOfBirth, options.AdultAge)),
            ];

    /// <summary>Remembers that a warning is sent. False if it was sent before.</summary>
    internal bool Warn(GuardianshipLimit limit, DateOnly on, int daysAhead)
    {
        var warning = $"{limit.ToCode()} {on:yyyy-MM-dd} {daysAhead}";
        if (Warned.Contains(warning))
            return false;
        Warned.Add(warning);
        return true;
    }

    internal void Verify(DateOnly until) => VerifiedUntil = until;

    internal void End(DateTimeOffset now) => EndedAt ??= now;
}
