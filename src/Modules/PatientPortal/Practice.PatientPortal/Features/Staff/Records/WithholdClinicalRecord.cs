using FluentValidation;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>
/// Stops sharing a clinical record with its patient. It no longer exists for the portal. The reason stays with the
/// record: it can be clinical.
/// </summary>
public sealed record WithholdClinicalRecord(Guid GroupId, Guid PatientId, Guid RecordId, Body<WithholdReason> Body)
    : Message,
        ICommand<Success>;

public sealed record WithholdReason(string? Reason);

internal sealed class WithholdReasonValidator : AbstractValidator<WithholdReason>
{
    public WithholdReasonValidator() => RuleFor(input => input.Reason).RequiredMultilineText(500);
}

internal sealed class WithholdClinicalRecordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}/withhold",
                Post
            )
            .RequireAccess(Access.None)
            .WithName(nameof(WithholdClinicalRecord))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        Body<WithholdReason> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new WithholdClinicalRecord(groupId, patientId, recordId, body), ct)).ToHttp(
            Results.NoContent
        );
}

public static class WithholdClinicalRecordHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        WithholdClinicalRecord command,
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
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (!record.Shared)
            return PortalErrors.AlreadyWithheld;

        record.Withhold(read.Value.Reason!);
        work.Audit(PortalAudit.ClinicalRecordWithheld, record.Id, command.GroupId, new { record.PatientId });
        await work.TellWebhooksAsync(record.ToEvent(ClinicalRecordStep.Withheld));
        return Result.Success;
    }
}
