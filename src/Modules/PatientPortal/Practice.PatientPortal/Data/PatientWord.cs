namespace Practice.PatientPortal.Data;

/// <summary>
/// A word by which a patient is found: of the name or the email, the date of birth (<c>19850412</c>), or the code.
/// Written by a trigger on the patients, so that hosts of every release write it.
/// </summary>
internal sealed class PatientWord
{
    public Guid GroupId { get; private init; }
    public string Word { get; private init; } = null!;
    public Guid PatientId { get; private init; }
}
