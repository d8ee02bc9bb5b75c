using FluentValidation;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>
/// Adds a clinical record to a patient. For practitioners, and members with access to others' clinical records.
/// </summary>
public sealed record AddClinicalRecord(Guid GroupId, Guid PatientId, Body<NewClinicalRecord> Body)
    : Message,
        ICommand<NewResource>;

/// <param name="Shared">Whether the portal shows it. Absent: as the practice's setting says.</param>
public sealed record NewClinicalRecord(
    ClinicalRecordKind? Kind,
    string? Title,
    string? Body,
    DateTimeOffset? RecordedAt,
    bool? Shared
);

internal sealed class NewClinicalRecordValidator : AbstractValidator<NewClinicalRecord>
{
    private const int MaxBodyLength = 20_000;

    public NewClinicalRecordValidator(TimeProvider clock)
    {
        RuleFor(record => record.Kind).Required();
        RuleFor(record => record.Title).RequiredText(200);
        RuleFor(record => record.Body).RequiredMultilineText(MaxBodyLength);
        RuleFor(record => record.RecordedAt).Required().PlausibleTime().NotInTheFuture(clock);
    }
}

internal sealed class AddClinicalRecordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(AddClinicalRecord))
            .WithTags("Patients")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Body<NewClinicalRecord> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AddClinicalRecord(groupId, patientId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/patients/{patientId}/clinical-records/{made.Id}", made)
        );
}

public static class AddClinicalRecordHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AddClinicalRecord command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var author = (await bus.FindMemberAsync(command.GroupId, work.Caller.Person, ct))!;
        var read = command.Body.Read();
        var shared = read.IsError
            ? false
            : read.Value.Shared ?? (await bus.GetGroupAsync(command.GroupId, ct)).SharesRecords;

        if (await db.LockPatientForAddingAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (!author.MayRecord(work.Caller))
            return AuthorizationErrors.NotAllowed;
        if (read.IsError)
            return read.Errors;

        var (kind, title, body, recordedAt, _) = read.Value;
        var record = ClinicalRecord.Record(
            patient,
            (author.UserId, author.Name),
            kind!.Value,
            title!.Trim(),
            body!,
            recordedAt!.Value.ToUniversalTime(),
            shared,
            clock.GetUtcNow()
        );
        db.ClinicalRecords.Add(record);
        work.Audit(
            PortalAudit.ClinicalRecordAdded,
            record.Id,
            command.GroupId,
            new
            {
                PatientId = patient.Id,
                record.Kind,
                record.Shared,
            }
        );
        await work.TellWebhooksAsync(record.ToEvent(ClinicalRecordStep.Added));
        return new NewResource(record.Id);
    }
}
