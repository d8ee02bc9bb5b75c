using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Exports;
using Practice.PatientPortal.Domain.Patients;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

internal static class ExportQueries
{
    /// <summary>What the caller has asked for and not given up, expired or not.</summary>
    public static IQueryable<DataExport> RequestedExports(this PatientPortalDbContext db, Guid groupId) =>
        db.Exports.Where(export =>
            export.GroupId == groupId
            && export.RequestedById == ModuleDbContext.CurrentUserId()
            && export.DiscardedAt == null
        );

    /// <summary>The caller's own exports that are not gone yet.</summary>
    public static IQueryable<DataExport> OwnExports(this PatientPortalDbContext db, Guid groupId, DateTimeOffset now) =>
        db.RequestedExports(groupId).Where(export => export.ExpiresAt > now);

    /// <summary>One of <see cref="OwnExports"/>.</summary>
    public static Task<DataExport?> FindExportAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid exportId,
        DateTimeOffset now,
        CancellationToken ct
    ) => db.OwnExports(groupId, now).SingleOrDefaultAsync(export => export.Id == exportId, ct);

    /// <summary>
    /// The patients of whom an export of this kind holds something, and what their access log calls it.
    /// </summary>
    public static (IQueryable<Patient> Patients, AccessLogAction Action)? ExportedOf(
        this PatientPortalDbContext db,
        Guid groupId,
        ExportKind kind
    )
    {
        var patients = db.VisiblePatients(groupId);
        switch (kind)
        {
            case ExportKind.Patients:
                return (patients, AccessLogAction.Patient);
            case ExportKind.Appointments:
                var appointments = db.VisibleToCaller(db.Appointments.Where(row => row.GroupId == groupId));
                return (
                    patients.Where(patient => appointments.Any(row => row.PatientId == patient.Id)),
                    AccessLogAction.Appointments
                );
            case ExportKind.Invoices:
                var invoices = db.VisibleToCaller(db.Invoices.Where(row => row.GroupId == groupId));
                return (
                    patients.Where(patient => invoices.Any(row => row.PatientId == patient.Id)),
                    AccessLogAction.Invoices
                );
            case ExportKind.ClinicalRecords:
                var records = db.VisibleToCaller(db.ClinicalRecords.Where(row => row.GroupId == groupId));
                return (
                    patients.Where(patient => records.Any(row => row.PatientId == patient.Id)),
                    AccessLogAction.ClinicalRecords
                );
            case ExportKind.Members:
            case ExportKind.Audit:
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of export.");
        }
    }
}
