namespace Practice.PatientPortal.Domain.Patients;

public enum PortalState
{
    None,

    /// <summary>An invitation is open.</summary>
    Invited,
    Linked,
}

/// <summary>
/// The portal account that a patient is linked to. Members who may not see names see neither of the two.
/// </summary>
/// <param name="AccountName">Whose account it is.</param>
/// <param name="Dependant">Whether guardians run it.</param>
/// <param name="LinkedBy">The address whose invitation was claimed.</param>
/// <param name="LinkedAt">When it was claimed.</param>
public sealed record PortalLink(string? AccountName, bool Dependant, string? LinkedBy, DateTimeOffset? LinkedAt);

/// <summary>A patient as staff read them.</summary>
/// <param name="Code">
/// What stands for the name where names are hidden; then names, email, phone, address and emergency contact are null.
/// </param>
/// <param name="Portal">Whether the patient is linked to a portal account.</param>
/// <param name="ArchivedAt">When the practice archived the patient; null for one whom it treats.</param>
/// <param name="Link">To which; null in lists.</param>
public sealed record PatientView(
    Guid Id,
    string Code,
    string? FirstName,
    string? LastName,
    string? Email,
    string? Phone,
    string? Address,
    EmergencyContact? EmergencyContact,
    Sex? Sex,
    DateOnly DateOfBirth,
    Guid? LocationId,
    DateTimeOffset AddedAt,
    PortalState Portal,
    DateTimeOffset? ArchivedAt,
    PortalLink? Link = null
)
{
    internal static PatientView Of(Patient patient, bool invited, Caller caller)
    {
        var portal =
            patient.AccountId is not null ? PortalState.Linked
            : invited ? PortalState.Invited
            : PortalState.None;
        var named = caller.May(Access.HidePatientNames) ? null : patient;
        return new(
            patient.Id,
            patient.Code,
            named?.FirstName,
            named?.LastName,
            named?.Email,
            named?.Phone,
            named?.Address,
            named?.EmergencyContact,
            patient.Sex,
            patient.DateOfBirth,
            patient.LocationId,
            patient.AddedAt,
            portal,
            patient.ArchivedAt
        );
    }
}
