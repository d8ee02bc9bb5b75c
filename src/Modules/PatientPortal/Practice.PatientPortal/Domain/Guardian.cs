namespace Practice.PatientPortal.Domain;

public enum Relationship
{
    Parent,
    Guardian,

    /// <summary>Of an adult dependant: needs a practice's verification, and a last day in place of an age.</summary>
    LegalGuardian,

    Other,
}

/// <summary>A person who runs a dependant's account. Several are independent of one another.</summary>
public sealed class Guardian
{
    public const string ClinicalSuspended = "clinicalSuspended";
    public const string GuardianshipEnds = "guardianshipEnds";

    private Guardian() { }

    public Guid AccountId { get; private init; }
    public Guid UserId { get; private init; }
    public string UserName { get; private set; } = null!;
    public string UserEmail { get; private set; } = null!;
    public Relationship Relationship { get; private init; }

    /// <summary>Of a legal guardian, the last day that a practice has verified.</summary>
    public DateOnly? VerifiedUntil { get; private set; }

    public DateTimeOffset AddedAt { get; private init; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The warnings that were given: of what, on which day, how many days ahead.</summary>
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

    /// <summary>When the guardianship ends, and when clinical access does before it.</summary>
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

    /// <summary>What ends on which day.</summary>
    internal IEnumerable<(string What, DateOnly On)> Endings(PortalAccount account, PortalOptions options) =>
        Relationship == Relationship.LegalGuardian && VerifiedUntil is { } until
            ? [(GuardianshipEnds, until.AddDays(1))]
            :
            [
                (ClinicalSuspended, Ages.Reached(account.DateOfBirth, options.ClinicalAge)),
                (GuardianshipEnds, Ages.Reached(account.DateOfBirth, options.AdultAge)),
            ];

    /// <summary>Notes that a warning is given.</summary>
    /// <returns>Whether it is the first time.</returns>
    internal bool Warn(string what, DateOnly on, int daysAhead)
    {
        var warning = $"{what} {on:yyyy-MM-dd} {daysAhead}";
        if (Warned.Contains(warning))
            return false;
        Warned.Add(warning);
        return true;
    }

    internal void Verify(DateOnly until) => VerifiedUntil = until;

    internal void End(DateTimeOffset now) => EndedAt ??= now;
}
