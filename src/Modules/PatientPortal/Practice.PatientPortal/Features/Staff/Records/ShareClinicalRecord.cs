using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>
/// Shares a clinical record with its patient: the portal shows it to them, and to those with clinical access. For
/// members who may write records and see this one.
/// </summary>
public sealed record ShareClinicalRecord(Guid GroupId, Guid PatientId, Guid RecordId) : Message, ICommand<Success>;

internal sealed class ShareClinicalRecordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}/share", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(ShareClinicalRecord))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ShareClinicalRecord(groupId, patientId, recordId), ct)).ToHttp(Results.NoContent);
}

public static class ShareClinicalRecordHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ShareClinicalRecord command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var found = await db.LockForWritingAsync(work, bus, command.GroupId, command.PatientId, command.RecordId, ct);
        if (found.IsError)
            return found.Errors;
        var record = found.Value.Record;
        if (record.Shared)
            return PortalErrors.AlreadyShared;

        record.Share();
        work.Audit(PortalAudit.ClinicalRecordShared, record.Id, command.GroupId, new { record.PatientId });
        await work.TellWebhooksAsync(record.ToEvent(ClinicalRecordStep.Shared));
        return Result.Success;
    }
}
