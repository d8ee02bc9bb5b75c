using Bogus;

namespace Practice.Host.Demo;

internal sealed record DemoPerson(string FirstName, string LastName, string Email);

/// <param name="Level">Null for the owner, who made the practice.</param>
internal sealed record DemoMember(
    DemoPerson Person,
    string RoleType,
    string Profession,
    string? Level,
    string Description
)
{
    public string? RegistrationNumber =>
        RoleType == "practitioner" ? $"{Profession[..3].ToUpperInvariant()}0001234567" : null;
}

internal sealed record DemoPatient(
    string FirstName,
    string LastName,
    DateOnly DateOfBirth,
    string? Email,
    string? Phone
);

/// <summary>The people of the demo practice. They are invented, and the same at each start.</summary>
internal static class DemoPeople
{
    private const int Seed = 20_260;
    private const int Strangers = 36;

    public static DemoMember Owner { get; } =
        Member("Olivia", "Hart", "administrator", "practiceManager", null, "owner: may do everything");

    public static DemoMember Physiotherapist { get; } =
        Member("Paul", "Reed", "practitioner", "physiotherapist", "clinical", "sees everybody's records");

    public static DemoMember Psychologist { get; } =
        Member("Priya", "Nair", "practitioner", "psychologist", "personal", "sees only her own patients");

    public static DemoMember Podiatrist { get; } =
        Member("Chen", "Wu", "practitioner", "podiatrist", "contact", "sees calendars, and no others' records");

    public static DemoMember Dietitian { get; } =
        Member("Farah", "Haddad", "practitioner", "dietitian", "full", "works at both locations, may do everything");

    public static DemoMember Manager { get; } =
        Member("Mona", "Silva", "administrator", "practiceManager", "manager", "manages users and locations");

    public static DemoMember Accounts { get; } =
        Member("Ben", "Okafor", "administrator", "accountsOfficer", "billing", "invoices and reports");

    public static DemoMember Receptionist { get; } =
        Member(
            "Rita",
            "Moss",
            "administrator",
            "receptionist",
            "reception",
            "books; has a temporary password to change first"
        );

    public static DemoMember Invited { get; } =
        Member("Ines", "Vale", "practitioner", "psychologist", "personal", "invited, has not answered yet");

    public static IReadOnlyList<DemoMember> Practitioners { get; } =
    [Physiotherapist, Psychologist, Podiatrist, Dietitian];

    public static IReadOnlyList<DemoMember> Staff { get; } = [Owner, .. Practitioners, Manager, Accounts, Receptionist];

    public static DemoPerson Mother { get; } = new("Mara", "Lindqvist", "mara@riverside.example");
    public static DemoPerson Father { get; } = new("Jonas", "Lindqvist", "jonas@riverside.example");
    public static DemoPerson Grandmother { get; } = new("Greta", "Holm", "greta@riverside.example");

    /// <summary>The mother, and two children of school age.</summary>
    public static IReadOnlyList<DemoPatient> Family(DateOnly today) =>
        [
            new(Mother.FirstName, Mother.LastName, new DateOnly(1988, 5, 14), Mother.Email, "0491 570 156"),
            new("Noah", Mother.LastName, today.AddYears(-9).AddDays(-40), null, null),
            new("Ella", Mother.LastName, today.AddYears(-6).AddDays(-12), null, null),
        ];

    public static IReadOnlyList<DemoPatient> Patients(DateOnly today)
    {
        var faker = new Faker("en_AU")
        {
            Random = new Randomizer(Seed),
            DateTimeReference = today.ToDateTime(TimeOnly.MinValue),
        };
        Dictionary<(string, string), DemoPatient> patients = [];
        while (patients.Count < Strangers + 1)
        {
            var (first, last) = (faker.Name.FirstName(), faker.Name.LastName());
            // Born on a day that stays: an interrupted start finds whom it has added.
            var born = new DateOnly(faker.Random.Int(1940, 2005), faker.Random.Int(1, 12), faker.Random.Int(1, 28));
            patients.TryAdd(
                (first, last),
                new DemoPatient(
                    first,
                    last,
                    born,
                    $"{first}.{last}@example.com".Replace("'", "", StringComparison.Ordinal).ToLowerInvariant(),
                    faker.Random.Replace("0491 57# ###") // numbers that nobody has
                )
            );
        }

        return [.. Family(today), .. patients.Values];
    }

    private static DemoMember Member(
        string firstName,
        string lastName,
        string roleType,
        string profession,
        string? level,
        string description
    ) =>
        new(
            new DemoPerson(firstName, lastName, $"{firstName.ToLowerInvariant()}@riverside.example"),
            roleType,
            profession,
            level,
            description
        );
}
