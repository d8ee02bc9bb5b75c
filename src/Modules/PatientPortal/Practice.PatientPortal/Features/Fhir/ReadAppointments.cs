using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Fhir;
using Appointment = Practice.PatientPortal.Domain.Records.Appointment;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>The calendar (https://hl7.org/fhir/R4/appointment.html), by the time at which appointments start.</summary>
public sealed record ReadFhirAppointments(Guid GroupId, FhirSearch Search) : Message, ICommand<FhirPage>;

internal sealed class ReadFhirAppointmentsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Appointment";

    private static readonly FhirType Type = new(
        ResourceType.Appointment,
        "An appointment of a patient with a practitioner at a location.",
        Versioned: true,
        new("date", SearchParamType.Date, "When it starts. Days are those of the operator's time zone."),
        new("patient", SearchParamType.Reference, "Whose it is.", ResourceType.Patient),
        new("practitioner", SearchParamType.Reference, "With whom.", ResourceType.Practitioner),
        new("location", SearchParamType.Reference, "Where.", ResourceType.Location),
        new("status", SearchParamType.Token, "booked, cancelled, arrived, fulfilled or noshow.")
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireMember().ReadsFhir(Type);
        app.MapGet(Path, Get).RequireMember().SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireMember().SearchesFhir(Type);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        FhirSearch search,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReadFhirAppointments(groupId, search), ct)).ToFhir(http, search);
}

public static class ReadFhirAppointmentsHandler
{
    /// <summary>Each has an index: FHIR asks for no order, so a page takes the one that costs least.</summary>
    private enum Order
    {
        ByStart,
        ByChange,
        OfPatient,
    }

    private static readonly Dictionary<string, AppointmentStatus> Statuses = new()
    {
        ["booked"] = AppointmentStatus.Booked,
        ["cancelled"] = AppointmentStatus.Cancelled,
        ["arrived"] = AppointmentStatus.Arrived,
        ["fulfilled"] = AppointmentStatus.Completed,
        ["noshow"] = AppointmentStatus.NoShow,
    };

    public static async Task<ErrorOr<FhirPage>> Handle(
        ReadFhirAppointments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search) = command;
        if (search.Errors.Count > 0)
            return search.Errors.ToList();

        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);
        var appointments = Narrow(
            db.VisibleToCaller(db.Appointments.AsNoTracking().Where(appointment => appointment.GroupId == groupId)),
            search,
            search.Dates("date", zone)
        );
        var order =
            search.ByChange ? Order.ByChange
            : search.References("patient") is [_] && !search.Asks("date") ? Order.OfPatient
            : Order.ByStart;
        if (search.AfterMomentAndId is var (at, last))
            appointments = order switch
            {
                Order.ByChange => appointments.Where(appointment =>
                    EF.Functions.GreaterThan(
                        ValueTuple.Create(appointment.UpdatedAt, appointment.Id),
                        ValueTuple.Create(at, last)
                    )
                ),
                Order.OfPatient => appointments.Where(appointment => appointment.Id > last),
                _ => appointments.Where(appointment =>
                    EF.Functions.GreaterThan(
                        ValueTuple.Create(appointment.StartsAt, appointment.Id),
                        ValueTuple.Create(at, last)
                    )
                ),
            };
        var found = appointments.Join(
            db.VisiblePatients(groupId).AsNoTracking(),
            appointment => appointment.PatientId,
            patient => patient.Id,
            (appointment, patient) => new { Appointment = appointment, Patient = patient }
        );
        var ordered = order switch
        {
            Order.ByChange => found.OrderBy(row => row.Appointment.UpdatedAt).ThenBy(row => row.Appointment.Id),
            Order.OfPatient => found.OrderBy(row => row.Appointment.Id),
            _ => found.OrderBy(row => row.Appointment.StartsAt).ThenBy(row => row.Appointment.Id),
        };
        var rows = await ordered.Take(search.Rows).ToListAsync(ct);
        var now = clock.GetUtcNow();
        if (!search.IsRead)
            await AccessLogging.RecordAsync(
                db,
                work,
                bus,
                PortalAudit.CalendarOpened,
                groupId,
                rows.Take(search.Count).Select(row => row.Patient),
                AccessLogAction.Appointments,
                now,
                ct
            );
        else if (rows is [var opened])
            await AccessLogging.RecordAsync(
                db,
                work,
                bus,
                PortalAudit.AppointmentOpened,
                opened.Patient,
                AccessLogAction.Appointments,
                now,
                opened.Appointment.Id,
                ct
            );
        return search.Page(
            rows,
            row => ResourceOf(row.Appointment),
            row =>
                (
                    order == Order.ByChange ? row.Appointment.UpdatedAt : row.Appointment.StartsAt,
                    row.Appointment.Id.ToString()
                )
        );
    }

    private static IQueryable<Appointment> Narrow(
        IQueryable<Appointment> appointments,
        FhirSearch search,
        FhirDates starts
    )
    {
        if (search.Ids() is { } ids)
            appointments = appointments.Where(appointment => ids.Contains(appointment.Id));
        if (search.References("patient") is [var one])
            appointments = appointments.Where(appointment => appointment.PatientId == one);
        else if (search.References("patient") is { } patients)
            appointments = appointments.Where(appointment => patients.Contains(appointment.PatientId));
        if (search.References("practitioner") is { } practitioners)
            appointments = appointments.Where(appointment => practitioners.Contains(appointment.PractitionerId));
        if (search.References("location") is { } locations)
            appointments = appointments.Where(appointment => locations.Contains(appointment.LocationId));
        if (search.Codes("status") is { } codes)
        {
            var statuses = Statuses.Where(status => codes.Contains(status.Key)).Select(status => status.Value).ToList();
            appointments = appointments.Where(appointment => statuses.Contains(appointment.Status));
        }

        if (starts.From is { } first)
            appointments = appointments.Where(appointment => appointment.StartsAt >= first);
        if (starts.Until is { } end)
            appointments = appointments.Where(appointment => appointment.StartsAt < end);
        return appointments.ChangedWhen(search, appointment => appointment.UpdatedAt);
    }

    private static Hl7.Fhir.Model.Appointment ResourceOf(Appointment appointment) =>
        new()
        {
            Id = appointment.Id.ToString(),
            Meta = FhirResults.Meta(appointment.UpdatedAt),
            Status = appointment.Status switch
            {
                AppointmentStatus.Booked => Hl7.Fhir.Model.Appointment.AppointmentStatus.Booked,
                AppointmentStatus.Cancelled => Hl7.Fhir.Model.Appointment.AppointmentStatus.Cancelled,
                AppointmentStatus.Arrived => Hl7.Fhir.Model.Appointment.AppointmentStatus.Arrived,
                AppointmentStatus.Completed => Hl7.Fhir.Model.Appointment.AppointmentStatus.Fulfilled,
                AppointmentStatus.NoShow => Hl7.Fhir.Model.Appointment.AppointmentStatus.Noshow,
                var other => throw new ArgumentOutOfRangeException(nameof(appointment), other, "Not a status."),
            },
            CancelationReason = appointment.CancelReason is { } why ? FhirResults.Text(why) : null,
            ReasonCode = appointment.Reason is { } reason ? [FhirResults.Text(reason)] : [],
            Start = FhirResults.Milliseconds(appointment.StartsAt),
            End = FhirResults.Milliseconds(appointment.EndsAt),
            Participant =
            [
                Participant(ResourceType.Patient, appointment.PatientId), // the name is of another version
                Participant(ResourceType.Practitioner, appointment.PractitionerId, appointment.PractitionerName),
                Participant(
                    ResourceType.Location,
                    appointment.LocationId,
                    appointment.Room is { } room ? $"{appointment.LocationName}, {room}" : appointment.LocationName
                ),
            ],
        };

    private static Hl7.Fhir.Model.Appointment.ParticipantComponent Participant(
        ResourceType type,
        Guid id,
        string? name = null
    ) => new() { Actor = FhirResults.To(type, id, name), Status = ParticipationStatus.Accepted };
}
