using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>Asks a practice for an appointment. The practice confirms or declines.</summary>
public sealed record AskForAppointment(Guid AccountId, Body<WishedAppointment> Body) : Message, ICommand<NewResource>;

/// <param name="GroupId">The practice; without it the only one that the account is linked to.</param>
public sealed record WishedAppointment(
    Guid? GroupId,
    DateTimeOffset? StartsAt,
    Guid? PractitionerId,
    Guid? LocationId,
    string? Reason
);

internal sealed class WishedAppointmentValidator : AbstractValidator<WishedAppointment>
{
    public WishedAppointmentValidator(TimeProvider clock)
    {
        RuleFor(wish => wish.StartsAt)
            .Required()
            .Must(starts => starts is not { } at || (at > clock.GetUtcNow() && at < clock.GetUtcNow().AddYears(2)))
            .WithMessage("A moment in the next two years.");
        RuleFor(wish => wish.Reason).OptionalText(500);
    }
}

/// <summary>Cancels an appointment that is still to come, or takes back a request for one; once, whoever else answers or cancels it at that moment.</summary>
public sealed record CancelFromPortal(Guid AccountId, Guid AppointmentId) : Message, ICommand<Success>;

/// <summary>Adds a note on the patient's health, for one practice or for all that the account is linked to.</summary>
public sealed record AddHealthNote(Guid AccountId, Body<NewHealthNote> Body) : Message, ICommand<NewResource>;

/// <param name="GroupId">The practice; without it every one that the account is linked to.</param>
public sealed record NewHealthNote(string? Text, Guid? GroupId);

internal sealed class NewHealthNoteValidator : AbstractValidator<NewHealthNote>
{
    private const int Longest = 4_000;

    public NewHealthNoteValidator() =>
        RuleFor(note => note.Text)
            .Must(text => !string.IsNullOrWhiteSpace(text))
            .WithMessage("This field is required.")
            .MaximumLength(Longest)
            .WithMessage($"At most {Longest} characters.")
            .Must(text =>
                text is null
                || !text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
            )
            .WithMessage("Control characters are not allowed.");
}

internal sealed class AskForAppointmentEndpoint : ICarterModule
{
    private const string Account = "/api/portal/accounts/{accountId:guid}";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost(
                $"{Account}/appointments",
                async (Guid accountId, Body<WishedAppointment> body, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new AskForAppointment(accountId, body), ct)).ToHttp(made =>
                        Results.Created($"/api/portal/accounts/{accountId}/appointment-requests", made)
                    )
            )
            .RequireAccount(edit: true)
            .WithName(nameof(AskForAppointment))
            .WithTags("Portal records")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        app.MapPost(
                $"{Account}/appointments/{{appointmentId:guid}}/cancel",
                async (Guid accountId, Guid appointmentId, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new CancelFromPortal(accountId, appointmentId), ct)).ToHttp(() =>
                        Results.NoContent()
                    )
            )
            .RequireAccount(edit: true)
            .WithName(nameof(CancelFromPortal))
            .WithTags("Portal records")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        app.MapPost(
                $"{Account}/health-notes",
                async (Guid accountId, Body<NewHealthNote> body, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new AddHealthNote(accountId, body), ct)).ToHttp(made =>
                        Results.Created($"/api/portal/accounts/{accountId}/health-notes", made)
                    )
            )
            .RequireAccount(edit: true, clinical: true)
            .WithName(nameof(AddHealthNote))
            .WithTags("Portal records")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}

public static class AskForAppointmentHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AskForAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (wish, now) = (read.Value, clock.GetUtcNow());
        if (await db.LinkedPatientsAsync(command.AccountId, wish.GroupId, ct) is not [var patient])
            return PortalErrors.NotAPatientThere;

        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var request = PortalRequest.Send(
            patient,
            account.Id,
            RequestKind.Appointment,
            string.IsNullOrWhiteSpace(wish.Reason) ? null : wish.Reason.Trim(),
            (work.Caller.Person, await db.LeaveReceiptAsync(work, account, "appointmentRequested", null, now, ct)),
            account.Name,
            now,
            wish.StartsAt!.Value.ToUniversalTime(),
            wish.PractitionerId,
            wish.LocationId
        );
        db.Requests.Add(request);
        work.Audit(PortalAudit.AppointmentRequested, account.Id, null, new { request.Id, request.GroupId });
        return new NewResource(request.Id);
    }
}

public static class CancelFromPortalHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CancelFromPortal command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var name = await db.LeaveReceiptAsync(work, account, "appointmentCancelled", command.AppointmentId, now, ct);
        if (
            await db
                .Appointments.FromSql(
                    $"select *, xmin from portal.appointments where account_id = {account.Id} and id = {command.AppointmentId} for update"
                )
                .SingleOrDefaultAsync(ct) is
            { } appointment
        )
        {
            if (appointment.Status != AppointmentStatus.Booked || appointment.StartsAt <= now)
                return PortalErrors.AppointmentNotOpen;
            appointment.Cancel();
            var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == appointment.PatientId, ct);
            db.Requests.Add(
                PortalRequest.Send(
                    patient,
                    account.Id,
                    RequestKind.Cancellation,
                    null,
                    (work.Caller.Person, name),
                    account.Name,
                    now,
                    appointment.StartsAt,
                    appointment.PractitionerId,
                    appointment.LocationId,
                    appointment.Id
                )
            );
        }
        else if (
            await db
                .Requests.FromSql(
                    $"select *, xmin from portal.requests where account_id = {account.Id} and id = {command.AppointmentId} for update"
                )
                .SingleOrDefaultAsync(r => r.Kind == RequestKind.Appointment, ct) is
            { } request
        )
        {
            if (request.Status != RequestStatus.Open)
                return PortalErrors.AppointmentNotOpen;
            request.Cancel(now);
        }
        else
        {
            return CommonErrors.NotFound;
        }

        work.Audit(PortalAudit.AppointmentCancelled, account.Id, null, new { command.AppointmentId });
        return Result.Success;
    }
}

public static class AddHealthNoteHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AddHealthNote command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (await db.LinkedPatientsAsync(command.AccountId, read.Value.GroupId, ct) is not { Count: > 0 } patients)
            return PortalErrors.NotAPatientThere;

        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var now = clock.GetUtcNow();
        var sender = (work.Caller.UserId, await db.LeaveReceiptAsync(work, account, "healthNoteAdded", null, now, ct));
        var notes = patients.ConvertAll(patient =>
            PortalRequest.Send(
                patient,
                account.Id,
                RequestKind.HealthNote,
                read.Value.Text!.Trim(),
                sender,
                account.Name,
                now
            )
        );
        db.Requests.AddRange(notes);
        work.Audit(PortalAudit.HealthNoteAdded, account.Id, null, new { ids = notes.Select(note => note.Id) });
        return new NewResource(notes[0].Id);
    }
}

internal static class LinkedPatients
{
    public static Task<List<Patient>> LinkedPatientsAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid? groupId,
        CancellationToken ct
    ) =>
        db
            .Patients.AsNoTracking()
            .Where(patient => patient.AccountId == accountId && (groupId == null || patient.GroupId == groupId))
            .OrderBy(patient => patient.Id)
            .ToListAsync(ct);
}
