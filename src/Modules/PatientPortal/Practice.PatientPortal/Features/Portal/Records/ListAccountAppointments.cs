using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>
/// The account's appointments at all practices, by time, the latest first. With <c>upcoming=true</c> only those that
/// are still to be kept, the next one first; with <c>upcoming=false</c> only those that are over or will not take
/// place.
/// </summary>
public sealed record ListAccountAppointments(Guid AccountId, QueryValue<bool>? Upcoming, Paging Paging)
    : Message,
        ICommand<Page<AccountAppointment>>;

/// <param name="TimeZone">The location's IANA time zone, in which the patient is expected.</param>
/// <param name="Reason">Clinical: null for who may not see clinical data.</param>
public sealed record AccountAppointment(
    Guid Id,
    Guid GroupId,
    string Practice,
    string PractitionerName,
    string LocationName,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string TimeZone,
    AppointmentStatus Status,
    string? Reason
);

internal sealed class ListAccountAppointmentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/appointments", Get)
            .RequireAccount()
            .WithName(nameof(ListAccountAppointments))
            .WithTags("Portal records")
            .Produces<Page<AccountAppointment>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid accountId,
        QueryValue<bool>? upcoming,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ListAccountAppointments(accountId, upcoming, paging), ct)).ToHttp(page =>
            Results.Ok(page)
        );
}

public static class ListAccountAppointmentsHandler
{
    public static async Task<ErrorOr<Page<AccountAppointment>>> Handle(
        ListAccountAppointments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (paging, now) = (command.Paging, clock.GetUtcNow());
        if (QueryText.YesOrNoIfSent("upcoming", command.Upcoming) is var upcoming && upcoming.IsError)
            return upcoming.Errors;
        if (paging.AfterMomentAndId() is var after && after.IsError)
            return after.Errors;

        var account = await db.OpenAccountAsync(work, AccessLogAction.Appointments, now, subjectId: null, ct);
        var clinical = work.Caller.Account.Clinical;
        var appointments = db.Appointments.AsNoTracking().Where(appointment => appointment.AccountId == account.Id);
        appointments = upcoming.Value switch
        {
            true => appointments.Upcoming(now).LaterThan(after.Value),
            false => appointments.NotUpcoming(now).EarlierThan(after.Value),
            null => appointments.EarlierThan(after.Value),
        };

        var named = appointments.Join(
            db.Patients,
            appointment => appointment.PatientId,
            patient => patient.Id,
            (appointment, patient) => new { Appointment = appointment, patient.PracticeName }
        );
        named = upcoming.Value is true
            ? named.OrderBy(row => row.Appointment.StartsAt).ThenBy(row => row.Appointment.Id)
            : named.OrderByDescending(row => row.Appointment.StartsAt).ThenByDescending(row => row.Appointment.Id);
        var rows = await named
            .Take(paging.Limit + 1)
            .Select(row => new AccountAppointment(
                row.Appointment.Id,
                row.Appointment.GroupId,
                row.PracticeName,
                row.Appointment.PractitionerName,
                row.Appointment.LocationName,
                row.Appointment.StartsAt,
                row.Appointment.EndsAt,
                row.Appointment.LocationTimeZone ?? account.TimeZone,
                row.Appointment.Status,
                clinical ? row.Appointment.Reason : null
            ))
            .ToListAsync(ct);
        return paging.Page(rows, row => row, row => [row.StartsAt, row.Id]);
    }
}
