namespace Practice.Authorization.Tests;

/// <summary>Who tries every call, as the columns of the table.</summary>
public static class Cast
{
    private static readonly (string Setting, string Head)[] Settings =
    [
        ("othersPatients", "pat"),
        ("othersCalendars", "cal"),
        ("othersInvoices", "inv"),
        ("othersClinicalRecords", "clin"),
        ("financialReports", "rep"),
        ("exportData", "exp"),
        ("manageUsers", "usr"),
        ("manageLocations", "loc"),
    ];

    /// <summary>
    /// Callers who are denied before anything else is checked. With a session, the same person could do everything.
    /// </summary>
    private static readonly (Credential Credential, string Head, string Name)[] WithoutSession =
    [
        (Credential.None, "–", "no token"),
        (Credential.Forged, "–", "a forged token"),
        (Credential.Expired, "–", "an expired token"),
        (Credential.Revoked, "–", "a revoked token, whose session was ended"),
        (Credential.TemporaryPassword, "tmp", "a session that must change its temporary password first"),
    ];

    public static IReadOnlyList<StaffCaller> Staff { get; } =
    [
        .. WithoutSession.Select(without => new StaffCaller
        {
            Head = without.Head,
            Name = without.Name,
            Credential = without.Credential,
        }),
        new()
        {
            Head = "–",
            Name = "an expired API client who had full access",
            Credential = Credential.ExpiredClient,
        },
        new()
        {
            Head = "–",
            Name = "a revoked API client who had full access",
            Credential = Credential.RevokedClient,
        },
        new()
        {
            Head = "out",
            Name = "the owner of another group",
            Standing = Standing.Outside,
            Owner = true,
        },
        new()
        {
            Head = "ids",
            Name =
                "the owner of another group, by the path of their own group with the ids of this one; "
                + "`·` where the path has no other ids",
            Standing = Standing.OutsideByOwnPath,
            Owner = true,
        },
        new()
        {
            Head = "off",
            Name = "a deactivated member who had full access",
            Standing = Standing.Deactivated,
        },
        new()
        {
            Head = "2f",
            Name = "the owner of a group that asks for two factors, in a session that has shown one",
            Standing = Standing.OneFactor,
            Owner = true,
        },
        new()
        {
            Head = "idp",
            Name = "the owner of a group that requires an identity provider, in a session that began with a password",
            Standing = Standing.OtherSignIn,
            Owner = true,
        },
        Level("P", "practitioner", "personal"),
        Level("PC", "practitioner", "contact"),
        Level("PK", "practitioner", "clinical"),
        Level("PF", "practitioner", "full"),
        Level("R", "administrator", "reception"),
        Level("AB", "administrator", "billing"),
        Level("AM", "administrator", "manager"),
        Level("AF", "administrator", "full"),
        new()
        {
            Head = "own",
            Name = "the owner",
            Owner = true,
        },
        .. Settings.Select(setting => Switched("P", "practitioner", "personal", setting.Setting, setting.Head)),
        .. Settings
            .Where(setting => !Catalogue.Levels[("administrator", "reception")].Contains(setting.Setting))
            .Select(setting => Switched("R", "administrator", "reception", setting.Setting, setting.Head)),
        .. new[] { ("P", "personal"), ("PF", "full") }.SelectMany(level =>
            new[]
            {
                Switched(level.Item1, "practitioner", level.Item2, Catalogue.ReadOnly, "ro"),
                Switched(level.Item1, "practitioner", level.Item2, Catalogue.Hide, "hid"),
                Switched(level.Item1, "practitioner", level.Item2, Catalogue.Restrict, "here"),
                Switched(level.Item1, "practitioner", level.Item2, Catalogue.Restrict, "else", Where.Elsewhere),
                Switched(level.Item1, "practitioner", level.Item2, Catalogue.Restrict, "none", Where.Nowhere),
            }
        ),
        new()
        {
            Head = "cout",
            Name = "an API client of another group with full access",
            Standing = Standing.Outside,
            Client = true,
        },
        Client("C", "personal"),
        Client("CF", "full"),
        .. Settings.Select(setting => Client($"C+{setting.Head}", "personal", setting.Setting)),
        Client("CF+ro", "full", Catalogue.ReadOnly),
        Client("CF+hid", "full", Catalogue.Hide),
        Client("CF+none", "full", Catalogue.Restrict),
    ];

    public static IReadOnlyList<PersonCaller> People { get; } =
    [
        .. WithoutSession.Select(without => new PersonCaller
        {
            Head = without.Head,
            Name = without.Name,
            Credential = without.Credential,
            Confirmed = true,
            Account = true,
            Member = true,
        }),
        new()
        {
            Head = "cli",
            Name = "an API client of a group, with full access",
            Credential = Credential.Client,
            Confirmed = true,
            Account = true,
            Member = true,
        },
        new()
        {
            Head = "new",
            Name = "a member who was added by their group and has not confirmed their email",
            Member = true,
        },
        new()
        {
            Head = "person",
            Name = "a person with a confirmed email, in no group and without a portal account",
            Confirmed = true,
        },
        new()
        {
            Head = "all",
            Name = "a person with a confirmed email, a group and a portal account",
            Confirmed = true,
            Account = true,
            Member = true,
        },
    ];

    public static IReadOnlyList<PortalCaller> Portal { get; } =
    [
        .. WithoutSession.Select(without => new PortalCaller
        {
            Head = without.Head,
            Name = without.Name,
            Credential = without.Credential,
            Opens = Opens.AsHolder,
            Edit = true,
            Clinical = true,
        }),
        new()
        {
            Head = "cli",
            Name = "an API client of the practice that treats the patient, with full access",
            Credential = Credential.Client,
            Opens = Opens.AsHolder,
            Edit = true,
            Clinical = true,
        },
        new()
        {
            Head = "holder",
            Name = "the holder",
            Opens = Opens.AsHolder,
            Edit = true,
            Clinical = true,
        },
        new()
        {
            Head = "guard",
            Name = "the guardian of a child under 14, on the child's account",
            Opens = Opens.AsHolder,
            Edit = true,
            Clinical = true,
            Dependant = true,
        },
        new()
        {
            Head = "g14",
            Name = "the guardian of a child of 14 to 17, on the child's account",
            Opens = Opens.AsHolder,
            Edit = true,
            Dependant = true,
        },
        new()
        {
            Head = "g18",
            Name = "the guardian of an adult, not verified by a practice, on the adult's account",
            Opens = Opens.NoLonger,
            Dependant = true,
        },
        new()
        {
            Head = "v adm",
            Name = "a grantee: view, administrative",
            Opens = Opens.AsGrantee,
        },
        new()
        {
            Head = "v clin",
            Name = "a grantee: view, clinical",
            Opens = Opens.AsGrantee,
            Clinical = true,
        },
        new()
        {
            Head = "e adm",
            Name = "a grantee: edit, administrative",
            Opens = Opens.AsGrantee,
            Edit = true,
        },
        new()
        {
            Head = "e clin",
            Name = "a grantee: edit, clinical",
            Opens = Opens.AsGrantee,
            Edit = true,
            Clinical = true,
        },
        new()
        {
            Head = "past",
            Name = "a grantee (edit, clinical) past the last day",
            Opens = Opens.NoLonger,
        },
        new()
        {
            Head = "dis",
            Name = "a grantee (edit, clinical) disabled by the holder",
            Opens = Opens.NoLonger,
        },
        new()
        {
            Head = "gave",
            Name = "a grantee (edit, clinical) who has withdrawn",
            Opens = Opens.NoLonger,
        },
        new()
        {
            Head = "asks",
            Name = "who has asked for access and waits",
            Opens = Opens.Never,
        },
        new()
        {
            Head = "deny",
            Name = "who has asked for access and was denied",
            Opens = Opens.Never,
        },
        new()
        {
            Head = "via",
            Name = "a grantee (edit, clinical) of the account of a grantee (edit, clinical)",
            Opens = Opens.Never,
        },
        new()
        {
            Head = "other",
            Name = "another person with a portal account",
            Opens = Opens.Never,
        },
        new()
        {
            Head = "none",
            Name = "a person without a portal account",
            Opens = Opens.Never,
        },
        new()
        {
            Head = "staff",
            Name = "the owner of the practice that treats the patient",
            Opens = Opens.Never,
        },
    ];

    private static StaffCaller Client(string head, string level, string? setting = null) =>
        new()
        {
            Head = head,
            Name =
                $"an API client: `{level}`"
                + (setting is null ? "" : $" with `{setting}` switched on")
                + (setting == Catalogue.Restrict ? "; clients are assigned to no location" : ""),
            Level = level,
            SwitchedOn = setting,
            Client = true,
            Works = Where.Nowhere,
        };

    private static StaffCaller Level(string head, string roleType, string level) =>
        new()
        {
            Head = head,
            Name = $"a member: {roleType}, `{level}`",
            Practitioner = roleType == "practitioner",
            Level = level,
        };

    private static StaffCaller Switched(
        string levelHead,
        string roleType,
        string level,
        string setting,
        string head,
        Where works = Where.Here
    ) =>
        new()
        {
            Head = $"{levelHead}+{head}",
            Name =
                $"a member: {roleType}, `{level}` with `{setting}` switched on"
                + (
                    setting != Catalogue.Restrict
                        ? ""
                        : works switch
                        {
                            Where.Here => ", assigned to the location on which everything is tried",
                            Where.Elsewhere => ", assigned to another location",
                            _ => ", assigned to no location",
                        }
                ),
            Practitioner = roleType == "practitioner",
            Level = level,
            SwitchedOn = setting,
            Works = works,
        };
}
