using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.PatientAccess;

/// <summary>
/// Shows the practice's records again to a person whose access it had paused, as far as their grant or
/// guardianship still goes. They and the holder are told. The practice keeps what was paused and why.
/// </summary>
public sealed record ResumePatientAccess(Guid GroupId, Guid PatientId, Guid GrantId) : Message, ICommand<Success>;

internal sealed class ResumePatientAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/access/{grantId:guid}/resume", Post)
            .RequireAccess(Access.OthersClinicalRecords)
            .WithName(nameof(ResumePatientAccess))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid grantId,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ResumePatientAccess(groupId, patientId, grantId), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class ResumePatientAccessHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ResumePatientAccess command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var member = (await bus.FindMemberAsync(command.GroupId, work.Caller.Person, ct))!;
        if (await db.LockPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden;
        if (patient.AccountId is not { } accountId)
            return CommonErrors.NotFound;

        var now = clock.GetUtcNow();
        AccountReader? reader;
        List<PortalAccessResumed> told;
        using (work.ActInAccount(accountId)) // the practice reads its own rows only
        {
            var account = (await db.LockAccountAsync(accountId, ct))!;
            reader = await db.FindReaderAsync(account, patient.GroupId, options.Value, now, command.GrantId, ct);
            if (reader is null)
                return CommonErrors.NotFound;
            var holders = await db.FindHoldersAsync(account, patient.GroupId, options.Value, now, ct);
            told =
            [
                .. holders
                    .Append(reader.UserId)
                    .Distinct()
                    .Select(person => new PortalAccessResumed(
                        accountId,
                        person,
                        account.Name,
                        patient.PracticeName,
                        person == reader.UserId ? null : reader.NameForHolder
                    )),
            ];
        }

        var pause = await db.AccessPauses.SingleOrDefaultAsync(
            pause => pause.AccountId == accountId && pause.UserId == reader.UserId && pause.GroupId == command.GroupId,
            ct
        );
        if (pause is null)
            return PortalErrors.NotPaused;
        pause.Resume((member.UserId, member.Name), now);
        await db.SyncPauseAsync(accountId, reader.UserId, patient.GroupId, paused: false, ct);
        foreach (var resumed in told)
            await messages.PublishAsync(resumed);
        work.Audit(
            PortalAudit.AccessResumed,
            patient.Id,
            patient.GroupId,
            new
            {
                accountId,
                command.GrantId,
                reader.UserId,
            }
        );
        return Result.Success;
    }
}
