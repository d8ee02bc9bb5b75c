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
        ("accountsOfficer", "Accounts officer"),
        ("practiceManager", "Practice manager"),
        ("receptionist", "Receptionist"),
        ("other", "Other"),
    ];

    private static readonly HashSet<string> Codes = [.. All.Select(profession => profession.Code)];

    public static bool IsKnown(string? code) => code is not null && Codes.Contains(code);
}
