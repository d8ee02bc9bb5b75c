using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// Adds a patient to the practice. It becomes the adding member's own patient. One who may be a patient whom the member
/// sees is added only if the member accepts it: two of name, date of birth, and email or phone are the same.
/// </summary>
public sealed record AddPatient(Guid GroupId, Body<PatientInput> Body) : Message, ICommand<NewResource>;

internal sealed class AddPatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(AddPatient))
            .WithTags("Patients")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<PatientInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AddPatient(groupId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/patients/{made.Id}", made)
        );
}

public static class AddPatientHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AddPatient command,
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
        var location = read.Value.LocationId is { } id ? await bus.FindLocationAsync(command.GroupId, id, ct) : null;
        if (WorkLocations.ErrorForPatient(work.Caller, read.Value.LocationId, location) is { } error)
            return error;

        var group = await bus.GetGroupAsync(command.GroupId, ct);
        var patient = Patient.Add(group.GroupId, group.Name, work.Caller.Person, clock.GetUtcNow());
        read.Value.WriteTo(patient);
        if (await db.CheckDuplicatesAsync(patient, read.Value.AcceptDuplicate, ct) is var same && same.IsError)
            return same.Errors;
        db.Patients.Add(patient);
        work.Audit(
            PortalAudit.PatientAdded,
            patient.Id,
            group.GroupId,
            new { patient.LocationId, AcceptedDuplicates = same.Value }
        );
        await messages.PublishAsync(new PatientAdded(group.GroupId, patient.Id));
        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Added));
        return new NewResource(patient.Id);
    }
}
