using Practice.Contracts.Groups;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.Domain.Exports;

internal static class ExportAccess
{
    /// <summary>
    /// Why a member may not export one of these kinds, where the practice's pages would not show it to them at all. Of
    /// all other kinds an export holds what they may see.
    /// </summary>
    public static Error? WhyNot(this Caller caller, IEnumerable<ExportKind> kinds, MemberFacts member)
    {
        foreach (var kind in kinds)
        {
            if (kind == ExportKind.ClinicalRecords && !member.MayRecord(caller))
                return AuthorizationErrors.NotAllowed;
            if (kind == ExportKind.Audit && !caller.MayReadAudit())
                return AuthorizationErrors.NotAllowed;
        }

        return null;
    }

    /// <summary>As the list of the audit: its entries name no location, so they cannot be narrowed to some.</summary>
    public static bool MayReadAudit(this Caller caller) =>
        caller.May(Access.ManageUsers) && !caller.May(Access.RestrictToAssignedLocations);

    /// <summary>Whether two callers may do the same: then they see the same rows.</summary>
    public static bool HasAccessOf(this Caller caller, Caller other) =>
        caller.Access == other.Access && caller.LocationIds.Order().SequenceEqual(other.LocationIds.Order());
}
