namespace Practice.Groups.Domain;

/// <summary>The coded list of professions: health professions, then office professions, then <c>other</c>.</summary>
internal static class Professions
{
    public static IReadOnlyList<(string Code, string Name)> All { get; } =
    [
        ("acupuncturist", "Acupuncturist"),
        ("audiologist", "Audiologist"),
        ("chiropractor", "Chiropractor"),
        ("counsellor", "Counsellor"),
        ("dentalHygienist", "Dental hygienist"),
        ("dentist", "Dentist"),
        ("dietitian", "Dietitian"),
        ("exercisePhysiologist", "Exercise physiologist"),
        ("generalPractitioner", "General practitioner"),
        ("healthWorker", "Community health worker"),
        ("massageTherapist", "Massage therapist"),
        ("medicalSpecialist", "Medical specialist"),
        ("midwife", "Midwife"),
        ("naturopath", "Naturopath"),
        ("nurse", "Nurse"),
        ("nursePractitioner", "Nurse practitioner"),
        ("occupationalTherapist", "Occupational therapist"),
        ("optometrist", "Optometrist"),
        ("orthoptist", "Orthoptist"),
        ("osteopath", "Osteopath"),
        ("paramedic", "Paramedic"),
        ("pharmacist", "Pharmacist"),
        ("physiotherapist", "Physiotherapist"),
        ("podiatrist", "Podiatrist"),
        ("prosthetist", "Prosthetist and orthotist"),
        ("psychiatrist", "Psychiatrist"),
        ("psychologist", "Psychologist"),
        ("radiographer", "Radiographer"),
        ("socialWorker", "Social worker"),
        ("sonographer", "Sonographer"),
        ("speechPathologist", "Speech pathologist"),
        (FirstOfOffice, "Accounts officer"),
        ("practiceManager", "Practice manager"),
        ("receptionist", "Receptionist"),
        (Other, "Other"),
    ];

    /// <summary>Also of an owner who names none.</summary>
    public const string Other = "other";

    private const string FirstOfOffice = "accountsOfficer";

    private static readonly HashSet<string> Codes = [.. All.Select(profession => profession.Code)];

    private static readonly HashSet<string> OfHealth =
    [
        .. All.Select(profession => profession.Code).TakeWhile(code => code != FirstOfOffice),
    ];

    /// <summary>Who usually has it; null for everybody. Nobody is refused for it: a manager may be a nurse.</summary>
    public static RoleType? UsualRoleType(string code) =>
        code == Other ? null
        : OfHealth.Contains(code) ? RoleType.Practitioner
        : RoleType.Administrator;

    public static bool IsKnown(string? code) => code is not null && Codes.Contains(code);
}
