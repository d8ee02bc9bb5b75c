using FluentValidation;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>
/// Adds an amendment to a clinical record: a correction, or what became known later. What was written stays as it was.
/// Those who see the record see its amendments.
/// </summary>
public sealed record AmendClinicalRecord(Guid GroupId, Guid PatientId, Guid RecordId, Body<NewAmendment> Body)
    : Message,
        ICommand<NewResource>;

public sealed record NewAmendment(string? Text);

internal sealed class NewAmendmentValidator : AbstractValidator<NewAmendment>
{
    public NewAmendmentValidator() => RuleFor(amendment => amendment.Text).RequiredMultilineText(5_000);
}

internal sealed class AmendClinicalRecordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}/amendments",
                Post
            )
            .RequireAccess(Access.None)
            .WithName(nameof(AmendClinicalRecord))
            .WithTags("Patients")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        Body<NewAmendment> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AmendClinicalRecord(groupId, patientId, recordId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/patients/{patientId}/clinical-records/{recordId}", made)
        );
}

public static class AmendClinicalRecordHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AmendClinicalRecord command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var found = await db.LockForWritingAsync(work, bus, command.GroupId, command.PatientId, command.RecordId, ct);
        if (found.IsError)
            return found.Errors;
        var (record, author) = found.Value;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var amendment = record.Amend((author.UserId, author.Name), read.Value.Text!, clock.GetUtcNow());
        if (amendment.IsError)
            return amendment.Errors;
        work.Audit(
            PortalAudit.ClinicalRecordAmended,
            record.Id,
            command.GroupId,
            new { record.PatientId, AmendmentId = amendment.Value.Id }
        );
        await work.TellWebhooksAsync(record.ToEvent(ClinicalRecordStep.Amended));
        return new NewResource(amendment.Value.Id);
    }
}
