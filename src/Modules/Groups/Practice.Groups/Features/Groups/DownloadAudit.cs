using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Practice.Csv;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Audit;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// The audit of the group as CSV, with the filters of the list: for those who may read it and export records. It is
/// written while it is sent, and each page is read under the caller's access at that moment.
/// </summary>
public sealed record DownloadAudit(
    Guid GroupId,
    string? Act,
    QueryValue<Guid>? ActorId,
    QueryValue<Guid>? SubjectId,
    QueryValue<Guid>? PatientId,
    QueryValue<DateTimeOffset>? From,
    QueryValue<DateTimeOffset>? To
) : Message, ICommand<AuditDownload>;

/// <param name="SeesPatients">Whether the caller sees patients and their names.</param>
public sealed record AuditDownload(bool SeesPatients);

internal sealed class DownloadAuditEndpoint : ICarterModule
{
    private const int ReadAtOnce = 500;
    private static readonly TimeSpan MaxDownloadTime = TimeSpan.FromMinutes(15);

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/audit/file", Get)
            .RequireAccess(Access.ManageUsers | Access.ExportData, changes: false)
            .RequirePerson()
            .WithName(nameof(DownloadAudit))
            .WithTags("Groups")
            .Produces<Stream>(StatusCodes.Status200OK, "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithRequestTimeout(MaxDownloadTime);

    private static async Task<IResult> Get(
        Guid groupId,
        [MaxLength(QueryText.MaxSearchLength)] string? act,
        QueryValue<Guid>? actorId,
        QueryValue<Guid>? subjectId,
        QueryValue<Guid>? patientId,
        QueryValue<DateTimeOffset>? from,
        QueryValue<DateTimeOffset>? to,
        GroupsDbContext db,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new DownloadAudit(groupId, act, actorId, subjectId, patientId, from, to), ct)).ToHttp(
            begun => new StreamedFile(CsvText.ContentType, "audit.csv", (file, aborted) =>
                WriteAsync(
                    file,
                    db,
                    bus,
                    groupId,
                    AuditFilters.Read(act, actorId, subjectId, patientId, from, to).Value,
                    begun.SeesPatients,
                    aborted
                )
            )
        );

    private static async Task WriteAsync(
        Stream file,
        GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        AuditFilter filter,
        bool seesPatients,
        CancellationToken ct
    )
    {
        await using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true);
        await text.WriteAsync(CsvText.Mark);
        await text.WriteAsync(CsvText.Row(["At", "Who", "Authority", "Act", "What", "Changes", "Reason"]));
        var entries = db.AuditEntries(groupId, filter, seesPatients);
        Guid? after = null;
        do
        {
            var rows = await db.ReadAuditAsync(bus, groupId, entries, after, ReadAtOnce, () => seesPatients, ct);
            if (db.Call.Caller.SeesPatients() != seesPatients || db.Call.Caller.May(Access.RestrictToAssignedLocations))
                throw new AccessDeniedException(AuthorizationErrors.NotAllowed); // their access has just changed
            foreach (var row in rows)
                await text.WriteAsync(CsvText.Row(Cells(row)));
            await text.FlushAsync(ct);
            after = rows.Count == ReadAtOnce ? rows[^1].Id : null;
        } while (after is not null);
    }

    private static IEnumerable<string> Cells(AuditView row) =>
        [
            row.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            row.ActorName ?? "",
            row.Authority,
            row.Act,
            row.Sentence,
            string.Join("; ", row.Changes.Select(Text)),
            row.Reason ?? "",
        ];

    private static string Text(AuditChange change) =>
        change is { From: null, To: null } ? change.What : $"{change.What}: {change.From} → {change.To}";
}

public static class DownloadAuditHandler
{
    // The DbContext gives this handler its transaction.
    public static ErrorOr<AuditDownload> Handle(DownloadAudit command, GroupsDbContext db, UnitOfWork work)
    {
        var filter = AuditFilters.Read(
            command.Act,
            command.ActorId,
            command.SubjectId,
            command.PatientId,
            command.From,
            command.To
        );
        if (work.Caller.May(Access.RestrictToAssignedLocations))
            return AuthorizationErrors.NotAllowed;
        if (filter.IsError)
            return filter.Errors;
        if (filter.Value.PatientId is not null && !work.Caller.SeesPatients())
            return AuthorizationErrors.NotAllowed;
        if (!work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        work.Audit(GroupAudit.AuditExported, command.GroupId, command.GroupId, filter.Value);
        return new AuditDownload(work.Caller.SeesPatients());
    }
}
