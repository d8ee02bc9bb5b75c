using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.Features.Staff.PatientAccess;

/// <summary>
/// Who besides its holder opens the portal account that a patient is linked to, and with it the practice's records of
/// the patient. Empty for a patient who is not linked.
/// </summary>
public sealed record ListPatientAccess(Guid GroupId, Guid PatientId, Paging Paging)
    : Message,
        ICommand<Page<PatientAccessView>>;

/// <param name="GrantId">Names the person's access, to pause it: the grant, or the guardianship.</param>
/// <param name="Name">
/// Null for members who may not see names, and where the person did not request access: then the practice, as the
/// holder, knows only the address.
/// </param>
/// <param name="Email">The address, where there is no name; null for members who may not see names.</param>
/// <param name="Relation"><c>dependant</c> for a guardian.</param>
/// <param name="Since">Since when they have access.</param>
/// <param name="EndsOn">The last day, included; null without end.</param>
/// <param name="PausedAt">When the practice paused it; null where it is open.</param>
/// <param name="PausedBy">The member who paused it.</param>
/// <param name="PauseReason">Null for members who may not pause: it may say what the clinical records say.</param>
/// <param name="EarlierPauses">
/// The ten newest pauses of this entry that have ended, in this account; null for members who may not pause.
/// </param>
public sealed record PatientAccessView(
    Guid GrantId,
    string? Name,
    string? Email,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    DateTimeOffset Since,
    DateOnly? EndsOn,
    DateTimeOffset? PausedAt,
    string? PausedBy,
    string? PauseReason,
    IReadOnlyList<EarlierPause>? EarlierPauses
);

/// <summary>A pause that has ended.</summary>
/// <param name="ResumedBy">The member who resumed it.</param>
public sealed record EarlierPause(
    DateTimeOffset PausedAt,
    string PausedBy,
    string Reason,
    DateTimeOffset ResumedAt,
    string ResumedBy
);

internal sealed class ListPatientAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients/{patientId:guid}/access", Get)
            .RequireMember()
            .WithName(nameof(ListPatientAccess))
            .WithTags("Patients")
            .Produces<Page<PatientAccessView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListPatientAccess(groupId, patientId, paging), ct)).ToHttp(Results.Ok);
}

public static class ListPatientAccessHandler
{
    private const int MaxEarlier = 10;

    public static async Task<ErrorOr<Page<PatientAccessView>>> Handle(
        ListPatientAccess command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;
        work.Audit(PortalAudit.AccessShown, patient.Id, patient.GroupId);
        if (patient.AccountId is not { } accountId)
            return new Page<PatientAccessView>([], null);

        var pauses = await db
            .AccessPauses.IgnoreQueryFilters()
            .AsNoTracking()
            .Where(pause => pause.AccountId == accountId && pause.GroupId == command.GroupId)
            .OrderByDescending(pause => pause.Id)
            .ToListAsync(ct);
        var readers = await FindAsync(db, work, command, accountId, after.Value, options.Value, clock, ct);
        var hidden = work.Caller.May(Access.HidePatientNames);
        var reason = !hidden && work.Caller.May(Access.OthersClinicalRecords); // it may name somebody
        var page = command.Paging.Page(readers, reader => reader, reader => [reader.AccessId]);
        return new Page<PatientAccessView>(
            [
                .. page
                    .Items.Where(reader => reader.Current)
                    .Select(reader => View(reader, pauses.FindAll(reader.Paused.IsIn), hidden, reason)),
            ],
            page.Next
        );
    }

    private static PatientAccessView View(AccountReader reader, List<AccessPause> pauses, bool hidden, bool reason)
    {
        var pause = pauses.Find(pause => pause.ResumedAt is null);
        return new(
            reader.AccessId,
            hidden ? null : reader.Name,
            hidden ? null : reader.Email,
            reader.Relation,
            reader.Role,
            reader.Level,
            reader.Since,
            reader.EndsOn,
            pause?.PausedAt,
            pause?.PausedByName,
            reason ? pause?.Reason : null,
            reason ? Earlier(pauses) : null
        );
    }

    /// <summary>One for each time. An address that several people had has a pause for each of them.</summary>
    private static List<EarlierPause> Earlier(List<AccessPause> pauses) =>
        [
            .. pauses
                .Where(pause => pause.ResumedAt is not null)
                .DistinctBy(pause => (pause.PausedAt, pause.ResumedAt))
                .Take(MaxEarlier)
                .Select(pause => new EarlierPause(
                    pause.PausedAt,
                    pause.PausedByName,
                    pause.Reason,
                    pause.ResumedAt!.Value,
                    pause.ResumedByName!
                )),
        ];

    private static async Task<List<AccountReader>> FindAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        ListPatientAccess command,
        Guid accountId,
        Guid? after,
        PortalOptions options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        using var inAccount = work.ActInAccount(accountId); // the practice reads its own rows only
        var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == accountId, ct);
        return await db.FindReadersAsync(
            account,
            command.GroupId,
            options,
            clock.GetUtcNow(),
            after,
            command.Paging.Limit + 1,
            ct
        );
    }
}
