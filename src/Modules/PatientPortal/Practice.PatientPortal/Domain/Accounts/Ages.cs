namespace Practice.PatientPortal.Domain.Accounts;

internal static class Ages
{
    /// <summary>The birthday on which a person reaches an age. 29 February counts as the 28th.</summary>
    public static DateOnly Reached(DateOnly dateOfBirth, int age) =>
        (dateOfBirth is { Month: 2, Day: 29 } ? dateOfBirth.AddDays(-1) : dateOfBirth).AddYears(age);
}
