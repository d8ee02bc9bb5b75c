using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.PatientAccess;

/// <summary>
/// Shows the practice's records again to a person whose access it had paused, as far as their grant or
/// guardianship still goes. They and the holder are told. It ends all pauses of the person, and for an address those of
/// all who had it. The practice keeps what was paused and why.
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
        PortalAccount account;
        List<Guid> holders;
        using (work.ActInAccount(accountId)) // the practice reads its own rows only
        {
            account = (await db.LockAccountAsync(accountId, ct))!;
            reader = await db.FindReaderAsync(account, patient.GroupId, options.Value, now, command.GrantId, ct);
            if (reader is null)
                return CommonErrors.NotFound;
            holders = await db.FindHoldersAsync(account, patient.GroupId, options.Value, now, ct);
        }

        var pauses = await db.FindPausesAsync(accountId, patient.GroupId, ct);
        if (!pauses.Exists(reader.Paused.IsIn))
            return PortalErrors.NotPaused;
        var ended = pauses.FindAll(pause =>
            reader.Paused.IsIn(pause) || (pause.UserId is not null && pause.UserId == reader.UserId)
        );
        foreach (var pause in ended)
            pause.Resume((member.UserId, member.Name), now);
        var people = ended
            .Select(pause => pause.UserId)
            .OfType<Guid>()
            .Except(pauses.Except(ended).Select(pause => pause.UserId).OfType<Guid>())
            .ToList();
        foreach (var person in people)
            await db.SyncPauseAsync(accountId, person, patient.GroupId, paused: false, ct);
        foreach (var told in holders.Union(people))
            await messages.PublishAsync(
                new PortalAccessResumed(
                    accountId,
                    told,
                    account.Name,
                    patient.PracticeName,
                    people.Contains(told) ? null : reader.NameOrEmail
                )
            );
        work.Audit(
            PortalAudit.AccessResumed,
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
