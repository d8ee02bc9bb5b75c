using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Grants;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.PatientAccess;

/// <summary>
/// Keeps the practice's records of a patient from one person who opens the patient's portal account, such as a parent
/// whom a court has barred. It counts with their next request. They and the holder are told; other practices are not
/// concerned. For members who see all clinical records, since it decides who sees them. The answer is the same for an
/// address that no person has confirmed: the pause then waits for them.
/// </summary>
public sealed record PausePatientAccess(Guid GroupId, Guid PatientId, Guid GrantId, Body<PauseReason> Body)
    : Message,
        ICommand<Success>;

/// <param name="Reason">
/// For members who may pause, also after a resume. Neither the person nor the holder sees it, and the audit has none.
/// </param>
public sealed record PauseReason(string? Reason);

internal sealed class PauseReasonValidator : AbstractValidator<PauseReason>
{
    public PauseReasonValidator() => RuleFor(pause => pause.Reason).RequiredMultilineText(500);
}

internal sealed class PausePatientAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/access/{grantId:guid}/pause", Post)
            .RequireAccess(Access.OthersClinicalRecords)
            .WithName(nameof(PausePatientAccess))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid grantId,
        Body<PauseReason> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new PausePatientAccess(groupId, patientId, grantId, body), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class PausePatientAccessHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        PausePatientAccess command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var read = command.Body.Read();
        var member = (await bus.FindMemberAsync(command.GroupId, work.Caller.Person, ct))!;
        if (await db.LockPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden; // they cannot tell whom they keep out
        if (patient.AccountId is not { } accountId)
            return CommonErrors.NotFound; // as for any access that the account does not give

        var now = clock.GetUtcNow();
        AccountReader? reader;
        using (work.ActInAccount(accountId)) // the practice reads its own rows only
        {
            var account = (await db.LockAccountAsync(accountId, ct))!; // two pauses at once: one after the other
            reader = await db.FindReaderAsync(account, patient.GroupId, options.Value, now, command.GrantId, ct);
            if (reader is not { Current: true })
                return CommonErrors.NotFound;
            if (read.IsError)
                return read.Errors;
            if ((await db.FindPausesAsync(accountId, patient.GroupId, ct)).Exists(reader.Paused.IsIn))
                return PortalErrors.AlreadyPaused;
            var holders = await db.FindHoldersAsync(account, patient.GroupId, options.Value, now, ct);
            foreach (var told in reader.TellPaused(account, patient.PracticeName, holders))
                await messages.PublishAsync(told);
        }

        var pause = AccessPause.Of(
            patient,
            reader.UserId,
            reader.Paused.Address,
            read.Value.Reason!,
            (member.UserId, member.Name),
            now
        );
        db.AccessPauses.Add(pause);
        if (reader.UserId is { } userId)
            await db.SyncPauseAsync(accountId, userId, patient.GroupId, paused: true, ct);
        work.Audit(
            PortalAudit.AccessPaused,
            patient.Id,
            patient.GroupId,
            new
            {
                accountId,
                command.GrantId,
                reader.Paused.UserId, // the practice reads it
            }
        );
        return Result.Success;
    }
}
