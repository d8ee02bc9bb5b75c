using Practice.Contracts.Locations;

namespace Practice.PatientPortal.Domain;

/// <summary>At which locations a member may do new work.</summary>
internal static class WorkLocations
{
    public static bool IsInReach(Caller caller, Guid locationId) =>
        !caller.May(Access.RestrictToAssignedLocations) || caller.LocationIds.Contains(locationId);

    /// <summary>The location, if it takes new work and the caller may work there.</summary>
    /// <param name="found">What the group knows of the location; null for nothing.</param>
    public static ErrorOr<LocationFacts> ForWork(Caller caller, Guid locationId, LocationFacts? found)
    {
        if (!IsInReach(caller, locationId))
            return AuthorizationErrors.NotAllowed;
        return found is null ? LocationErrors.Unknown
            : found.Archived ? LocationErrors.Archived
            : found;
    }

    /// <summary>
    /// Why a patient cannot be registered at a location, or without one. Members restricted to their locations would
    /// lose sight of a patient elsewhere.
    /// </summary>
    public static Error? ErrorForPatient(Caller caller, Guid? locationId, LocationFacts? found)
    {
        if (locationId is not { } id)
            return caller.May(Access.RestrictToAssignedLocations) ? PortalErrors.LocationRequired : null;
        return ForWork(caller, id, found) is { IsError: true } denied ? denied.FirstError : null;
    }
}
