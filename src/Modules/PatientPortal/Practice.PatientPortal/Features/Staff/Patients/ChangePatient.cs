using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// Changes a patient's details; what the body leaves out is cleared. A linked account keeps its own contact details.
/// The date of birth of a linked patient cannot change, because the link depends on it. Changing the email decides who
/// will see the records: it withdraws the open invitation, is told to the old address, and is not for members who
/// cannot see all records, invoices and appointments of the patient. Nothing here is for members who may not see names.
/// </summary>
public sealed record ChangePatient(Guid GroupId, Guid PatientId, IfMatch IfMatch, Body<PatientInput> Body)
    : Message,
        ICommand<Success>;

internal sealed class ChangePatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/patients/{patientId:guid}", Put)
            .RequireAccess(Access.None)
            .WithName(nameof(ChangePatient))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid patientId,
        IfMatch ifMatch,
        Body<PatientInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ChangePatient(groupId, patientId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class ChangePatientHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangePatient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var read = command.Body.Read();
        var location =
            !read.IsError && read.Value.LocationId is { } id
                ? await bus.FindLocationAsync(command.GroupId, id, ct)
                : null;

        await db.LockInvitationsAsync(command.GroupId, command.PatientId, ct);
        if (await db.LockPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden; // they would overwrite what they cannot read
        if (read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, patient.Version) is { } stale)
            return stale;

        var input = read.Value;
        if (patient.AccountId is not null && input.DateOfBirth != patient.DateOfBirth)
            return PortalErrors.DateOfBirthFixed;
        if (
            input.LocationId != patient.LocationId
            && WorkLocations.ErrorForPatient(work.Caller, input.LocationId, location) is { } error
        )
            return error;

        if (
            EmailAddress.Normalize(input.Email ?? "") != EmailAddress.Normalize(patient.Email ?? "")
            && await ChangeEmailAsync(db, work, patient, input.Email, clock.GetUtcNow(), messages, ct) is { } refused
        )
            return refused;

        var before = Identity(patient);
        input.WriteTo(patient);
        var same =
            before == Identity(patient)
                ? new List<Guid>()
                : await db.CheckDuplicatesAsync(patient, input.AcceptDuplicate, ct);
        if (same.IsError)
            return same.Errors;
        if (!work.HasChanged(patient))
            return Result.Success;
        work.Audit(
            PortalAudit.PatientChanged,
            patient.Id,
            patient.GroupId,
            new
            {
                patient.LocationId,
                Changes = work.ChangesOf(patient, values: false),
                AcceptedDuplicates = same.Value,
            }
        );
        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Changed));
        return Result.Success;
    }

    /// <summary>Who will see the records is another one from now on; or why the caller may not choose them.</summary>
    private static async Task<Error?> ChangeEmailAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        string? email,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            !string.IsNullOrWhiteSpace(email) // without an address nothing is shown to anybody
            && await db.WhyNotShowToAnotherAsync(work, patient, ct) is { } hidden
        )
            return hidden;
        work.Audit(
            PortalAudit.PatientEmailChanged,
            patient.Id,
            patient.GroupId,
            new { From = patient.Email, To = email }
        );
        if (patient.Email is { } lost && await WasInvitedAsync(db, patient.Id, lost, ct))
            await messages.PublishAsync(
                new PatientEmailChanged(patient.GroupId, patient.PracticeName, patient.Id, lost)
            );
        await db
            .UnclaimedInvitations.Where(invitation => invitation.PatientId == patient.Id && !invitation.ForGuardian)
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.WithdrawnAt, now), ct);
        return null;
    }

    /// <summary>
    /// An address that never had an email of the practice hears nothing: anybody can make a practice.
    /// </summary>
    private static Task<bool> WasInvitedAsync(
        PatientPortalDbContext db,
        Guid patientId,
        string email,
        CancellationToken ct
    )
    {
        var normalized = EmailAddress.Normalize(email);
        return db.PatientInvitations.AnyAsync(
            invitation => invitation.PatientId == patientId && invitation.NormalizedEmail == normalized,
            ct
        );
    }

    private static (string, string, DateOnly) Identity(Patient patient) =>
        (patient.FirstName, patient.LastName, patient.DateOfBirth);
}
