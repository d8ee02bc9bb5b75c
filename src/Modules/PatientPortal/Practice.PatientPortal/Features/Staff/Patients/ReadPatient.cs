using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>One patient, with the version that changing them asks for.</summary>
public sealed record ReadPatient(Guid GroupId, Guid PatientId) : Message, ICommand<PatientRead>;

public sealed record PatientRead(PatientView Patient, uint Version);

internal sealed class ReadPatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients/{patientId:guid}", Get)
            .RequireMember()
            .WithName(nameof(ReadPatient))
            .WithTags("Patients")
            .Produces<PatientView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ReadPatient(groupId, patientId), ct)).ToHttp(read =>
            ETags.Ok(http, read.Patient, read.Version)
        );
}

public static class ReadPatientHandler
{
    public static async Task<ErrorOr<PatientRead>> Handle(
        ReadPatient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        var now = clock.GetUtcNow();
        var invited = await db.OpenInvitations(now).AnyAsync(invitation => invitation.PatientId == patient.Id, ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.PatientOpened,
            patient,
            AccessLogAction.Patient,
            now,
            subjectId: null,
            ct
        );
        var view = PatientView.Of(patient, invited, work.Caller) with
        {
            Link = await FindLinkAsync(db, work, patient, ct),
        };
        return new PatientRead(view, patient.Version);
    }

    private static async Task<PortalLink?> FindLinkAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        CancellationToken ct
    )
    {
        if (patient.AccountId is not { } accountId)
            return null;
        var claimed = await db
            .PatientInvitations.AsNoTracking()
            .Where(invitation =>
                invitation.PatientId == patient.Id && invitation.ClaimedAt != null && invitation.WithdrawnAt == null
            )
            .OrderBy(invitation => invitation.ClaimedAt) // later ones were claimed for the same account
            .FirstOrDefaultAsync(ct);
        var hidden = work.Caller.May(Access.HidePatientNames);
        using var inAccount = work.ActInAccount(accountId);
        var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == accountId, ct);
        return new(
            hidden ? null : account.Name,
            account.IsDependant,
            hidden ? null : claimed?.Email,
            claimed?.ClaimedAt
        );
    }
}
