namespace Practice.Authorization.Tests;

/// <summary>With what a caller comes.</summary>
public enum Credential
{
    /// <summary>No token.</summary>
    None,

    /// <summary>A token that nobody was ever given.</summary>
    Forged,

    /// <summary>A token that was good until a moment ago.</summary>
    Expired,

    /// <summary>The token of a session that was ended.</summary>
    Revoked,

    /// <summary>A session that must change its temporary password first.</summary>
    TemporaryPassword,

    Session,
}

/// <summary>Somebody who tries every call. The facts are what the test made them, not what the host says of them.</summary>
public abstract class Caller
{
    /// <summary>As the table's column is headed.</summary>
    public required string Head { get; init; }

    /// <summary>As the table's legend explains it.</summary>
    public required string Name { get; init; }

    public Credential Credential { get; init; } = Credential.Session;

    /// <summary>The one who calls; for those without a session somebody else, so that there is something to try on.</summary>
    public Person Person { get; set; } = null!;

    public ApiClient Api { get; set; } = null!;

    public Guid GroupId { get; set; }

    public Guid AccountId { get; set; }

    public Guid Id => Person.Id;

    /// <summary>What is said to everybody who has no good session, whatever they call.</summary>
    public Verdict? WithoutSession =>
        Credential switch
        {
            Credential.Session => null,
            Credential.TemporaryPassword => new Verdict(403, "users.password_change_required"),
            _ => new Verdict(401, "auth.not_signed_in"),
        };

    public override string ToString() => Name;
}

/// <summary>How a caller stands to the practice group whose path is called.</summary>
public enum Standing
{
    Member,

    /// <summary>A member once.</summary>
    Deactivated,

    /// <summary>The owner of another group.</summary>
    Outside,

    /// <summary>The same, by the path of their own group with the ids of this one.</summary>
    OutsideByOwnPath,

    /// <summary>A member of a group that asks for two factors, by a session that has shown one.</summary>
    OneFactor,
}

/// <summary>Who calls a practice group.</summary>
public sealed class StaffCaller : Caller
{
    public Standing Standing { get; init; } = Standing.Member;

    public bool Practitioner { get; init; }

    public string Level { get; init; } = "full";

    public string? SwitchedOn { get; init; }

    public bool Owner { get; init; }

    /// <summary>Whether the caller is assigned to the location at which everything is tried, to another one, or to none.</summary>
    public Where Works { get; init; } = Where.Here;

    /// <summary>What the caller may, by <c>domain.md</c>.</summary>
    public IReadOnlySet<string> Settings =>
        Owner
            ? Catalogue.Open
            : Catalogue.Effective(Practitioner ? "practitioner" : "administrator", Level, SwitchedOn);

    public bool May(string setting) => Settings.Contains(setting);

    /// <summary>Whether the location at which everything is tried is in the caller's reach.</summary>
    public bool ReachesHere => !May(Catalogue.Restrict) || Works == Where.Here;
}

public enum Where
{
    Here,
    Elsewhere,
    Nowhere,
}

/// <summary>The access catalogue of <c>domain.md</c>, written down once more: what the product holds must agree with it.</summary>
public static class Catalogue
{
    public const string Restrict = "restrictToAssignedLocations",
        Hide = "hidePatientNames",
        ReadOnly = "readOnly";

    private static readonly string[] Contact = ["othersPatients", "othersCalendars", "othersInvoices"];
    private static readonly string[] Billing =
    [
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "financialReports",
    ];

    public static IReadOnlySet<string> Open { get; } =
        new HashSet<string>
        {
            "othersPatients",
            "othersCalendars",
            "othersInvoices",
            "othersClinicalRecords",
            "financialReports",
            "exportData",
            "manageUsers",
            "manageLocations",
        };

    public static IReadOnlySet<string> Restrictive { get; } = new HashSet<string> { Restrict, Hide, ReadOnly };

    public static IReadOnlyDictionary<(string RoleType, string Level), IReadOnlySet<string>> Levels { get; } =
        new Dictionary<(string, string), IReadOnlySet<string>>
        {
            [("practitioner", "personal")] = new HashSet<string>(),
            [("practitioner", "contact")] = new HashSet<string>(Contact),
            [("practitioner", "clinical")] = new HashSet<string>([.. Contact, "othersClinicalRecords"]),
            [("practitioner", "full")] = Open,
            [("administrator", "reception")] = new HashSet<string>(["othersPatients", "othersCalendars"]),
            [("administrator", "billing")] = new HashSet<string>(Billing),
            [("administrator", "manager")] = new HashSet<string>([
                .. Billing,
                "manageUsers",
                "manageLocations",
                "exportData",
            ]),
            [("administrator", "full")] = Open,
        };

    public static IReadOnlySet<string> Effective(string roleType, string level, string? switchedOn) =>
        new HashSet<string>([.. Levels[(roleType, level)], .. switchedOn is null ? [] : new[] { switchedOn }]);
}

/// <summary>Who makes the calls that belong to a person, in no group and no portal account.</summary>
public sealed class PersonCaller : Caller
{
    /// <summary>Whether the person has confirmed their email. Who has not was made by the practice that added them.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Whether the person has a portal account of their own.</summary>
    public bool Account { get; init; }

    /// <summary>Whether the person is an active member of a group.</summary>
    public bool Member { get; init; }
}

/// <summary>How a caller stands to the portal account that is called.</summary>
public enum Opens
{
    /// <summary>Not at all, and never has.</summary>
    Never,

    /// <summary>No longer: what was approved once has ended.</summary>
    NoLonger,
    AsGrantee,

    /// <summary>Their own, or a dependant's whom they guard.</summary>
    AsHolder,
}

/// <summary>Who calls a portal account.</summary>
public sealed class PortalCaller : Caller
{
    public Opens Opens { get; init; }

    public bool Edit { get; init; }

    public bool Clinical { get; init; }

    /// <summary>Whether the account is a dependant's.</summary>
    public bool Dependant { get; init; }
}
