using FluentValidation;
using Practice.Contracts.Locations;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Features.Portal;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>What staff enter about a patient, when they add them and when they change it.</summary>
/// <param name="LocationId">Where the patient is seen.</param>
public sealed record PatientInput(
    string? FirstName,
    string? LastName,
    string? Email,
    DateOnly? DateOfBirth,
    Guid? LocationId
)
{
    internal void WriteTo(Patient patient) =>
        patient.Describe(FirstName!, LastName!, Email?.Trim(), DateOfBirth!.Value, LocationId);
}

internal sealed class PatientInputValidator : AbstractValidator<PatientInput>
{
    public PatientInputValidator(TimeProvider clock)
    {
        RuleFor(patient => patient.FirstName).RequiredText(100);
        RuleFor(patient => patient.LastName).RequiredText(100);
        RuleFor(patient => patient.Email).Email().When(patient => patient.Email is not null);
        RuleFor(patient => patient.DateOfBirth).DateOfBirth(clock);
    }
}

internal static class WorkingLocations
{
    /// <summary>Where a patient may be put. A member restricted to their locations would lose sight of one put elsewhere.</summary>
    public static async Task<Error?> RefusePatientAtAsync(
        this IModuleBus bus,
        Caller caller,
        Guid groupId,
        Guid? locationId,
        CancellationToken ct
    ) =>
        locationId is { } id
            ? (await bus.FindLocationAsync(caller, groupId, id, ct)).ErrorsOrEmptyList.Cast<Error?>().FirstOrDefault()
        : caller.May(Access.RestrictToAssignedLocations) ? PortalErrors.LocationRequired
        : null;

    /// <summary>A location of the group that takes work, and at which the caller may work.</summary>
    public static async Task<ErrorOr<LocationFacts>> FindLocationAsync(
        this IModuleBus bus,
        Caller caller,
        Guid groupId,
        Guid locationId,
        CancellationToken ct
    )
    {
        if (caller.May(Access.RestrictToAssignedLocations) && !caller.LocationIds.Contains(locationId))
            return AuthorizationErrors.NotAllowed;
        var found = (await bus.QueryAsync(new FindLocations(groupId, [locationId]), ct)).Locations.SingleOrDefault();
        return found is null ? PortalErrors.UnknownLocation
            : found.Archived ? PortalErrors.ArchivedLocation
            : found;
    }
}
