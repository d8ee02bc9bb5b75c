using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// Ends the link of a patient to a portal account, such as one that a twin's parent claimed for the wrong child. From
/// the next request on the account shows nothing of the patient. Who held it is told, and open invitations are
/// withdrawn, so the practice can correct the patient and invite the right person at once. What the practice has
/// paused stays paused: it counts again with the next link.
/// </summary>
public sealed record UnlinkPatient(Guid GroupId, Guid PatientId, Body<UnlinkReason> Body) : Message, ICommand<Success>;

/// <param name="Reason">For the audit; the account does not see it.</param>
public sealed record UnlinkReason(string? Reason);

internal sealed class UnlinkReasonValidator : AbstractValidator<UnlinkReason>
{
    public UnlinkReasonValidator() => RuleFor(unlink => unlink.Reason).RequiredMultilineText(500);
}

internal sealed class UnlinkPatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/unlink", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(UnlinkPatient))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Body<UnlinkReason> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new UnlinkPatient(groupId, patientId, body), ct)).ToHttp(() => Results.NoContent());
}

public static class UnlinkPatientHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        UnlinkPatient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        await db.LockInvitationsAsync(command.GroupId, command.PatientId, ct);
        if (await db.LockPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden; // they cannot tell whose records they are
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (patient.AccountId is not { } accountId)
            return PortalErrors.NotLinked;

        work.Audit(
            PortalAudit.PatientUnlinked,
            patient.Id,
            patient.GroupId,
            new { accountId, reason = read.Value.Reason }
        );
        using (work.ActAsSystemIn(command.GroupId)) // also the records that the caller does not see
        {
            await EndHoldingAsync(db, work, patient, accountId, options.Value, clock.GetUtcNow(), messages, ct);
            patient.Unlink();
            await UnlinkRecordsAsync(db, work, patient, accountId, clock.GetUtcNow(), messages, ct);
            await db.SaveChangesAsync(ct);
        }

        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Unlinked));
        return Result.Success;
    }

    /// <summary>
    /// Tells who held the account. The verification of an adult's legal guardian is for the link, and ends with it.
    /// </summary>
    private static async Task EndHoldingAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        Guid accountId,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        using var inAccount = work.ActInAccount(accountId);
        var account = (await db.LockAccountAsync(accountId, ct))!;
        var guardians = await db.Guardians.Where(guardian => guardian.AccountId == accountId).ToListAsync(ct);
        var holders = account.UserId is { } own
            ? [own]
            : guardians
                .Where(guardian => guardian.Opens(patient.GroupId, account, options, now))
                .Select(guardian => guardian.UserId)
                .ToList();
        foreach (var holder in holders)
            await messages.PublishAsync(
                new PatientUnlinked(
                    accountId,
                    holder,
                    account.Name,
                    patient.FirstName,
                    patient.PracticeName,
                    patient.GroupId
                )
            );

        if (
            await db.Patients.AnyAsync(
                other => other.AccountId == accountId && other.GroupId == patient.GroupId && other.Id != patient.Id,
                ct
            )
        )
            return;
        foreach (var guardian in guardians)
            guardian.EndVerification(patient.GroupId, PortalDays.Today(now, options.TimeZone));
        await db.RecalculateAccessAsync(account, options, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>
    /// What the account has sent stays its own: the next account sees neither the requests nor their words in what was
    /// booked from them. Open requests are declined.
    /// </summary>
    private static async Task UnlinkRecordsAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        Guid accountId,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var sent = db.Requests.Where(request =>
            request.PatientId == patient.Id && request.AccountId == accountId && request.Kind == RequestKind.Appointment
        );
        await db
            .Appointments.Where(a => sent.Any(request => request.AppointmentId == a.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Reason, (string?)null), ct);
        var open = db.Requests.FromSql(
            $"""
            select *, xmin from portal.requests
            where patient_id = {patient.Id} and account_id = {accountId} and status = 'Open' for update
            """
        );
        foreach (var declined in await open.AsNoTracking().ToListAsync(ct))
            if (declined.Kind == RequestKind.Appointment)
            {
                await messages.PublishAsync(declined.ToClosedEvent());
                await work.TellWebhooksAsync(declined.ToEvent(RequestStep.Closed));
            }

        await sent.Where(request => request.Status == RequestStatus.Open)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(request => request.Status, RequestStatus.Declined)
                        .SetProperty(request => request.DecidedAt, now),
                ct
            );
        await db
            .PatientInvitations.Where(invitation => invitation.PatientId == patient.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.WithdrawnAt, now), ct);
        await db.LinkRecordsAsync(patient.Id, null, ct);
    }
}
