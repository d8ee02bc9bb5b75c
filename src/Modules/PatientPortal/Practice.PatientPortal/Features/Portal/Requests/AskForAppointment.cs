using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Requests;

/// <summary>Requests an appointment. The practice confirms or declines.</summary>
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
            .WithMessage("A time in the next two years.");
        RuleFor(wish => wish.Reason).OptionalText(500);
    }
}

internal sealed class AskForAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts/{accountId:guid}/appointments", Post)
            .RequireAccount(edit: true)
            .WithName(nameof(AskForAppointment))
            .WithTags("Portal records")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid accountId,
        Body<WishedAppointment> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AskForAppointment(accountId, body), ct)).ToHttp(made =>
            Results.Created($"/api/portal/accounts/{accountId}/appointment-requests", made)
        );
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
        if (await db.FindLinkedPatientsAsync(command.AccountId, wish.GroupId, ct) is not [var patient])
            return PortalErrors.NotAPatientThere;

        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var name = await AccessLogging.RecordAsync(db, work, account, AccessLogAction.AppointmentRequested, now, ct);
        var request = PortalRequest.Send(
            patient,
            account.Id,
            RequestKind.Appointment,
            string.IsNullOrWhiteSpace(wish.Reason) ? null : wish.Reason.Trim(),
            (work.Caller.Person, name),
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
