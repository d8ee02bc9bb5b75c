using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>What follows the last row of a page in a list by time. Without such a row, all of it.</summary>
internal static class AppointmentLists
{
    /// <summary>The next first.</summary>
    public static IQueryable<Appointment> LaterThan(
        this IQueryable<Appointment> appointments,
        (DateTimeOffset At, Guid Id)? last
    ) =>
        last is not var (at, id)
            ? appointments
            : appointments.Where(appointment =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(appointment.StartsAt, appointment.Id),
                    ValueTuple.Create(at, id)
                )
            );

    /// <summary>The latest first.</summary>
    public static IQueryable<Appointment> EarlierThan(
        this IQueryable<Appointment> appointments,
        (DateTimeOffset At, Guid Id)? last
    ) =>
        last is not var (at, id)
            ? appointments
            : appointments.Where(appointment =>
                EF.Functions.LessThan(
                    ValueTuple.Create(appointment.StartsAt, appointment.Id),
                    ValueTuple.Create(at, id)
                )
            );
}
