using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// The members who may handle something at this moment: <see cref="PatientVisibility"/> and the policies of locations,
/// for all members at once.
/// </summary>
internal static class StaffWhoMay
{
    private const string ReadOnly = "readOnly";

    /// <summary>Who may confirm or decline a request, but not who sent it.</summary>
    public static async Task<List<Guid>> FindWhoMayAnswerAsync(
        this PatientPortalDbContext db,
        IModuleBus bus,
        PortalRequest request,
        Patient patient,
        CancellationToken ct
    )
    {
        var own = await db.FindThoseOfAsync(patient, ct);
        List<AccessNeed> needs = [OfPatient(own)];
        if (request.PractitionerId is { } practitioner)
            needs.Add(OfCalendar(practitioner));
        if (request.Kind == RequestKind.HealthNote)
            needs.Add(new("othersClinicalRecords", own, OnlyPractitioners: true));
        return await bus.FindAsync(patient, needs, [ReadOnly], request.LocationId, notThis: request.SentById, ct);
    }

    /// <summary>Who sees an appointment, but not who cancelled it.</summary>
    public static async Task<List<Guid>> FindWhoSeeAsync(
        this PatientPortalDbContext db,
        IModuleBus bus,
        Appointment appointment,
        Patient patient,
        Guid notThis,
        CancellationToken ct
    )
    {
        var own = await db.FindThoseOfAsync(patient, ct);
        AccessNeed[] needs = [OfPatient(own), OfCalendar(appointment.PractitionerId)];
        return await bus.FindAsync(patient, needs, [], appointment.LocationId, notThis, ct);
    }

    /// <summary>Who may change a patient: nobody who may not see names.</summary>
    public static async Task<List<Guid>> FindWhoMayChangeAsync(
        this PatientPortalDbContext db,
        IModuleBus bus,
        Patient patient,
        Guid? notThis,
        CancellationToken ct
    )
    {
        var own = await db.FindThoseOfAsync(patient, ct);
        return await bus.FindAsync(patient, [OfPatient(own)], [ReadOnly, "hidePatientNames"], null, notThis, ct);
    }

    private static AccessNeed OfPatient(IReadOnlyList<Guid> own) => new("othersPatients", own);

    private static AccessNeed OfCalendar(Guid practitionerId) => new("othersCalendars", [practitionerId]);

    /// <summary>Those whose own patient it is.</summary>
    private static async Task<List<Guid>> FindThoseOfAsync(
        this PatientPortalDbContext db,
        Patient patient,
        CancellationToken ct
    ) =>
        [
            patient.AddedById,
            .. await db
                .Appointments.Where(appointment => appointment.PatientId == patient.Id)
                .Select(appointment => appointment.PractitionerId)
                .Union(
                    db.ClinicalRecords.Where(record => record.PatientId == patient.Id).Select(record => record.AuthorId)
                )
                .ToListAsync(ct),
        ];

    private static async Task<List<Guid>> FindAsync(
        this IModuleBus bus,
        Patient patient,
        IReadOnlyList<AccessNeed> needs,
        IReadOnlyList<string> without,
        Guid? locationId,
        Guid? notThis,
        CancellationToken ct
    )
    {
        // A patient without a location is not for members who are restricted to some: nobody works at the empty one.
        List<Guid> locations = [patient.LocationId ?? Guid.Empty];
        if (locationId is { } at)
            locations.Add(at);
        var found = await bus.QueryAsync(new FindMembersWhoMay(patient.GroupId, needs, without, locations), ct);
        return [.. found.UserIds.Where(member => member != notThis)];
    }
}
