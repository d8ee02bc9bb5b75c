using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>Brings an archived patient back. For one who is not archived it changes nothing.</summary>
public sealed record RestorePatient(Guid GroupId, Guid PatientId) : Message, ICommand<Success>;

internal sealed class RestorePatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/restore", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(RestorePatient))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(Guid groupId, Guid patientId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RestorePatient(groupId, patientId), ct)).ToHttp(() => Results.NoContent());
}

public static class RestorePatientHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RestorePatient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (await db.LockPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden;
        if (!patient.IsArchived)
            return Result.Success;

        patient.Restore();
        work.Audit(PortalAudit.PatientRestored, patient.Id, patient.GroupId);
        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Restored));
        return Result.Success;
    }
}
