using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Exports;
using Practice.Shared.Exports;

namespace Practice.PatientPortal.Features.Staff.Exports;

/// <summary>
/// The file of an export, written while it is sent. Each page of rows is read under the caller's access at that moment;
/// if that changes, the download breaks off (docs/adr/0035).
/// </summary>
public sealed record DownloadExport(Guid GroupId, Guid ExportId) : Message, ICommand<ExportDownload>;

public sealed record ExportDownload(IReadOnlyList<ExportKind> Kinds);

/// <summary>How far a download is, or that it has ended.</summary>
/// <param name="File">The file that is being written; null where it has ended.</param>
/// <param name="Whole">Whether it has ended well.</param>
public sealed record NoteExportProgress(Guid GroupId, Guid ExportId, string? File, long Rows, bool Whole)
    : Message,
        ICommand<Success>;

internal sealed class DownloadExportEndpoint : ICarterModule
{
    private const int NotedEvery = 5_000;

    /// <summary>Well within the time after which a download counts as broken off, however slowly rows leave.</summary>
    private static readonly TimeSpan NotedWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxDownloadTime = TimeSpan.FromMinutes(15);

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/exports/{exportId:guid}/file", Get)
            .RequireAccess(Access.ExportData, changes: false)
            .RequirePerson()
            .WithName(nameof(DownloadExport))
            .WithTags("Exports")
            .Produces<Stream>(StatusCodes.Status200OK, ExportArchive.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithRequestTimeout(MaxDownloadTime);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid exportId,
        PatientPortalDbContext db,
        IModuleBus bus,
        IOptions<JsonOptions> json,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new DownloadExport(groupId, exportId), ct)).ToHttp(begun => new StreamedFile(
            ExportArchive.ContentType,
            $"export-{clock.GetUtcNow():yyyy-MM-dd}.zip",
            async (file, aborted) =>
            {
                var source = await ExportTables.OfCallerAsync(db, bus, groupId, clock.GetUtcNow(), aborted);
                var note = new NoteExportProgress(groupId, exportId, null, 0, false);
                await WriteAsync(file, source.Of(begun.Kinds), note, json.Value.SerializerOptions, bus, clock, aborted);
            }
        ));

    private static async Task WriteAsync(
        Stream file,
        IReadOnlyList<ExportTable> tables,
        NoteExportProgress note,
        JsonSerializerOptions json,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken aborted
    )
    {
        var (finished, current, noted) = (0L, 0L, clock.GetTimestamp());
        try
        {
            await ExportArchive.WriteAsync(
                file,
                json,
                async archive =>
                {
                    foreach (var table in tables)
                        await archive.AddCsvAsync(table, aborted);
                    foreach (var table in tables)
                        await archive.AddJsonAsync(table, aborted);
                },
                async (name, rows) =>
                {
                    if (rows == 0)
                        finished += current;
                    current = rows;
                    if (rows % NotedEvery != 0 && clock.GetElapsedTime(noted) < NotedWithin)
                        return;
                    noted = clock.GetTimestamp();
                    var answer = await bus.SendAsync(note with { File = name, Rows = finished + rows }, aborted);
                    if (answer.IsError)
                        throw new AccessDeniedException(answer.FirstError);
                },
                aborted
            );
            note = note with { Whole = true };
        }
        finally
        {
            // Also for someone who has hung up. Who may not any more is not noted: it counts as broken off.
            await bus.SendAsync(note with { Rows = finished + current }, CancellationToken.None);
        }
    }
}

public static class DownloadExportHandler
{
    /// <summary>At once in a practice: each reads the database as fast as it can.</summary>
    private const int MaxRunning = 3;

    private const int LoggedAtOnce = 500;

    public static async Task<ErrorOr<ExportDownload>> Handle(
        DownloadExport command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, me, now) = (command.GroupId, work.Caller.Person, clock.GetUtcNow());
        var member = (await bus.FindMemberAsync(groupId, me, ct))!;
        await db.LockExportsAsync(groupId, ct);
        if (await db.FindExportAsync(groupId, command.ExportId, now, ct) is not { } export)
            return CommonErrors.NotFound;
        if (!work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;
        if (work.Caller.WhyNot(export.Kinds, member) is { } no)
            return no;
        var all = await db.Exports.Where(other => other.GroupId == groupId).ToListAsync(ct);
        if (export.StatusAt(now) == ExportStatus.Running)
            return PortalErrors.ExportRunning;
        if (export.Downloads >= DataExport.MaxDownloads)
            return PortalErrors.ExportUsedUp;
        if (all.Count(other => other.StatusAt(now) == ExportStatus.Running) >= MaxRunning)
            return PortalErrors.TooManyExports;

        export.Begin(now);
        work.Audit(PortalAudit.ExportDownloaded, export.Id, groupId, new { export.Kinds });
        var kinds = export.Kinds.ToImmutableList();
        await db.SaveChangesAsync(ct);
        foreach (var kind in kinds)
            await LogAsync(db, work.Caller, member.Name, groupId, kind, now, ct);
        return new ExportDownload(kinds);
    }

    /// <summary>The holder of an exported patient's account sees it in their access log.</summary>
    private static async Task LogAsync(
        PatientPortalDbContext db,
        Caller caller,
        string name,
        Guid groupId,
        ExportKind kind,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (db.ExportedOf(groupId, kind) is not var (patients, action))
            return;
        Guid? last = null;
        do
        {
            var some = await patients
                .AsNoTracking()
                .Where(patient => patient.AccountId != null && (last == null || patient.Id > last))
                .OrderBy(patient => patient.Id)
                .Take(LoggedAtOnce)
                .ToListAsync(ct);
            db.AccessLog.AddRange(
                some.Select(patient =>
                    AccessLogEntry.ByStaff(patient, patient.AccountId!.Value, caller, name, action, null, now)
                )
            );
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
            last = some.Count == LoggedAtOnce ? some[^1].Id : null;
        } while (last is not null);
    }
}

public static class NoteExportProgressHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        NoteExportProgress command,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // Also of one that has expired since: what began in time is downloaded to its end.
        var now = clock.GetUtcNow();
        if (
            await db.RequestedExports(command.GroupId).SingleOrDefaultAsync(one => one.Id == command.ExportId, ct)
            is not { } export
        )
            return CommonErrors.NotFound;
        if (command.File is { } file)
            export.Progress(file, command.Rows, now);
        else
            export.End(command.Whole, command.Rows, now);
        return Result.Success;
    }
}
