using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>A patient's clinical records, by the time that they are about, the latest first.</summary>
public sealed record ListClinicalRecords(Guid GroupId, Guid PatientId, Paging Paging)
    : Message,
        ICommand<Page<ClinicalRecordView>>;

internal sealed class ListClinicalRecordsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records", Get)
            .RequireMember()
            .WithName(nameof(ListClinicalRecords))
            .WithTags("Patients")
            .Produces<Page<ClinicalRecordView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListClinicalRecords(groupId, patientId, paging), ct)).ToHttp(Results.Ok);
}

public static class ListClinicalRecordsHandler
{
    public static async Task<ErrorOr<Page<ClinicalRecordView>>> Handle(
        ListClinicalRecords command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (command.Paging.AfterMomentAndId() is var after && after.IsError)
            return after.Errors;

        var records = db.VisibleToCaller(
            db.ClinicalRecords.AsNoTracking()
                .Where(record => record.GroupId == command.GroupId && record.PatientId == patient.Id)
        );
        var rows = await records
            .After(after.Value)
            .OrderByDescending(record => record.RecordedAt)
            .ThenByDescending(record => record.Id)
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.ClinicalRecordsOpened,
            patient,
            AccessLogAction.ClinicalRecords,
            clock.GetUtcNow(),
            subjectId: null,
            ct
        );
        return command.Paging.Page(rows, ClinicalRecordView.Of, row => [row.RecordedAt, row.Id]);
    }
}
