using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Requests;

/// <summary>
/// Requests an appointment. The practice confirms or declines. It could not confirm one of an archived patient. A
/// practitioner or a location that the request names is one of the practice: otherwise no member who is restricted to
/// their locations would see it.
/// </summary>
public sealed record RequestAppointment(Guid AccountId, Body<AppointmentRequestInput> Body)
    : Message,
        ICommand<NewResource>;

/// <param name="GroupId">The practice; without it the only one that treats a patient of the account.</param>
public sealed record AppointmentRequestInput(
    Guid? GroupId,
    DateTimeOffset? StartsAt,
    Guid? PractitionerId,
    Guid? LocationId,
    string? Reason
);

internal sealed class AppointmentRequestInputValidator : AbstractValidator<AppointmentRequestInput>
{
    public AppointmentRequestInputValidator(TimeProvider clock)
    {
        RuleFor(input => input.StartsAt)
            .Required()
            .Must(starts => starts is not { } at || (at > clock.GetUtcNow() && at < clock.GetUtcNow().AddYears(2)))
            .WithMessage("Choose a time in the next two years.");
        RuleFor(input => input.Reason).OptionalMultilineText(500);
    }
}

internal sealed class RequestAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts/{accountId:guid}/appointments", Post)
            .RequireAccount(edit: true)
            .WithName(nameof(RequestAppointment))
            .WithTags("Portal records")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid accountId,
        Body<AppointmentRequestInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new RequestAppointment(accountId, body), ct)).ToHttp(made =>
            Results.Created($"/api/portal/accounts/{accountId}/appointment-requests", made)
        );
}

public static class RequestAppointmentHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        RequestAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (input, now) = (read.Value, clock.GetUtcNow());
        var before = await db.FindLinkedPatientsAsync(command.AccountId, input.GroupId, ct);
        var facts = new Dictionary<Guid, BookingFacts>();
        foreach (var practice in before.Select(patient => patient.GroupId).Distinct())
            facts[practice] = await FindFactsAsync(bus, practice, input, ct);

        var all = await db.LockLinkedPatientsAsync(work, command.AccountId, input.GroupId, forChange: false, ct);
        var linked = all.OnePerPractice();
        var treated = linked.FindAll(patient => !patient.IsArchived);
        if (linked.Count > 0 && treated.Count == 0)
            return PortalErrors.NoLongerTreated;
        if (treated is not [var patient])
            return PortalErrors.NotAPatientThere;
        if (WhyNot(input, facts.GetValueOrDefault(patient.GroupId, BookingFacts.None)) is { } unknown)
            return unknown;

        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var name = await AccessLogging.RecordAsync(
            db,
            work,
            account,
            AccessLogAction.AppointmentRequested,
            now,
            subjectId: null,
            ct
        );
        var request = PortalRequest.Send(
            patient,
            account.Id,
            RequestKind.Appointment,
            input.Reason.NullIfBlank(),
            (work.Caller.Person, name),
            account.Name,
            now,
            input.StartsAt!.Value.ToUniversalTime(),
            input.PractitionerId,
            input.LocationId,
            timeZone: account.TimeZone
        );
        db.Requests.Add(request);
        work.Audit(PortalAudit.AppointmentRequested, account.Id, null, new { request.Id, request.GroupId });
        await messages.PublishAsync(new RequestArrived(request.GroupId, request.Id));
        await work.TellWebhooksAsync(request.ToEvent(RequestStep.Received));
        return new NewResource(request.Id);
    }

    private static async Task<BookingFacts> FindFactsAsync(
        IModuleBus bus,
        Guid groupId,
        AppointmentRequestInput input,
        CancellationToken ct
    ) =>
        new(
            input.PractitionerId is { } practitioner ? await bus.FindMemberAsync(groupId, practitioner, ct) : null,
            input.LocationId is { } location ? await bus.FindLocationAsync(groupId, location, ct) : null
        );

    private static Error? WhyNot(AppointmentRequestInput input, BookingFacts facts) =>
        input.PractitionerId is not null && facts.Practitioner is not { Active: true, Practitioner: true }
            ? PortalErrors.UnknownPractitioner
        : input.LocationId is null ? null
        : facts.Location is not { } location ? LocationErrors.Unknown
        : location.Archived ? LocationErrors.Archived
        : null;
}
