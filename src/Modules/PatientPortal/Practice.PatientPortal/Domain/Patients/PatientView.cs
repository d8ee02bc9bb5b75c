namespace Practice.PatientPortal.Domain.Patients;

public enum PortalState
{
    None,

    /// <summary>An invitation is open.</summary>
    Invited,
    Linked,
}

/// <summary>The portal account that a patient is linked to. Members who may not see names see neither of the two.</summary>
/// <param name="AccountName">Whose account it is.</param>
/// <param name="Dependant">Whether guardians run it.</param>
/// <param name="LinkedBy">The address whose invitation was claimed.</param>
/// <param name="LinkedAt">When it was claimed.</param>
public sealed record PortalLink(string? AccountName, bool Dependant, string? LinkedBy, DateTimeOffset? LinkedAt);

/// <summary>A patient as staff read them.</summary>
/// <param name="Code">What stands for the name where names are hidden; then names, email and phone are null.</param>
/// <param name="Portal">Whether the patient is linked to a portal account.</param>
/// <param name="Link">To which; null in lists.</param>
public sealed record PatientView(
    Guid Id,
    string Code,
    string? FirstName,
    string? LastName,
    string? Email,
    string? Phone,
    DateOnly DateOfBirth,
    Guid? LocationId,
    DateTimeOffset AddedAt,
    PortalState Portal,
    PortalLink? Link = null
)
{
    internal static PatientView Of(Patient patient, bool invited, Caller caller)
    {
        var portal =
            patient.AccountId is not null ? PortalState.Linked
            : invited ? PortalState.Invited
            : PortalState.None;
        return caller.May(Access.HidePatientNames)
            ? new(
                patient.Id,
                patient.Code,
                null,
                null,
                null,
                null,
                patient.DateOfBirth,
                patient.LocationId,
                patient.AddedAt,
                portal
            )
            : new(
                patient.Id,
                patient.Code,
                patient.FirstName,
                patient.LastName,
                patient.Email,
                patient.Phone,
                patient.DateOfBirth,
                patient.LocationId,
                patient.AddedAt,
                portal
            );
    }
}
