namespace Practice.Authorization.Tests;

/// <summary>The credential that a caller sends.</summary>
public enum Credential
{
    /// <summary>No token.</summary>
    None,

    /// <summary>A token that was never issued.</summary>
    Forged,

    /// <summary>A token that was valid until a moment ago.</summary>
    Expired,

    /// <summary>The token of a session that was ended.</summary>
    Revoked,

    /// <summary>A session that must change its temporary password first.</summary>
    TemporaryPassword,

    /// <summary>The token of an API client that may do everything in its group, where a call takes a person.</summary>
    Client,

    /// <summary>The token of an API client that expired.</summary>
    ExpiredClient,

    /// <summary>The token of an API client that was revoked.</summary>
    RevokedClient,

    Session,
}

/// <summary>
/// A caller who tries every call. The facts are those that the test set up, not what the host says about them.
/// </summary>
public abstract class Caller
{
    /// <summary>As the table's column is headed.</summary>
    public required string Head { get; init; }

    /// <summary>As the table's legend explains it.</summary>
    public required string Name { get; init; }

    public Credential Credential { get; init; } = Credential.Session;

    /// <summary>
    /// The person who calls; for callers without a session another person, so that there is something to try on.
    /// </summary>
    public Person Person { get; set; } = null!;

    public ApiClient Api { get; set; } = null!;

    public Guid GroupId { get; set; }

    public Guid AccountId { get; set; }

    public Guid Id => Person.Id;

    /// <summary>The answer to every call without a valid session.</summary>
    public Outcome? WithoutSession =>
        Credential switch
        {
            Credential.Session => null,
            Credential.Client => new Outcome(403, "auth.not_for_clients"),
            Credential.TemporaryPassword => new Outcome(403, "users.password_change_required"),
            _ => new Outcome(401, "auth.not_signed_in"),
        };

    public override string ToString() => Name;
}

/// <summary>The caller's relation to the practice group whose path is called.</summary>
public enum Standing
{
    Member,

    /// <summary>A former member.</summary>
    Deactivated,

    /// <summary>The owner of another group.</summary>
    Outside,

    /// <summary>The same, by the path of their own group with the ids of this one.</summary>
    OutsideByOwnPath,

    /// <summary>A member of a group that asks for two factors, by a session that has shown one.</summary>
    OneFactor,

    /// <summary>A member of a group that requires an identity provider, by a session that began otherwise.</summary>
    OtherSignIn,
}

/// <summary>A caller in a practice group.</summary>
public sealed class StaffCaller : Caller
{
    public Standing Standing { get; init; } = Standing.Member;

    public bool Practitioner { get; init; }

    public string Level { get; init; } = "full";

    public string? SwitchedOn { get; init; }

    public bool Owner { get; init; }

    /// <summary>Whether an API client calls, and no person.</summary>
    public bool Client { get; init; }

    /// <summary>
    /// Whether the caller is assigned to the location at which everything is tried, to another one, or to none.
    /// </summary>
    public Where Works { get; init; } = Where.Here;

    /// <summary>What the caller may do, by the rules of the domain.</summary>
    public IReadOnlySet<string> Settings =>
        Owner
            ? Catalogue.Open
            : Catalogue.Effective(
                Practitioner || (Client && Level == "personal") ? "practitioner" : "administrator",
                Level,
                SwitchedOn
            );

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

/// <summary>The access catalogue of the domain, written down a second time: the product's must agree with it.</summary>
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

/// <summary>A caller outside any group and portal account.</summary>
public sealed class PersonCaller : Caller
{
    /// <summary>Whether the person has confirmed their email. One who has not was added by a practice.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Whether the person has a portal account of their own.</summary>
    public bool Account { get; init; }

    /// <summary>Whether the person is an active member of a group.</summary>
    public bool Member { get; init; }
}

/// <summary>The caller's relation to the portal account that is called.</summary>
public enum Opens
{
    /// <summary>None, now or earlier.</summary>
    Never,

    /// <summary>A grant that has ended.</summary>
    NoLonger,
    AsGrantee,

    /// <summary>Their own, or that of a dependant whose guardian they are.</summary>
    AsHolder,
}

/// <summary>A caller in a portal account.</summary>
public sealed class PortalCaller : Caller
{
    public Opens Opens { get; init; }

    public bool Edit { get; init; }

    public bool Clinical { get; init; }

    /// <summary>Whether the account is a dependant's.</summary>
    public bool Dependant { get; init; }
}
