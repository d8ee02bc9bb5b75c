using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>
/// Sets aside those of a practice's files in the directory that no attachment has, and removes them a month later. Puts
/// back what an attachment has after all.
/// </summary>
public sealed record RemoveOrphanedFiles(Guid GroupId, IReadOnlyList<Guid> Ids) : Message, ICommand<Success>, IInGroup;

public static class RemoveOrphanedFilesHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RemoveOrphanedFiles command,
        PatientPortalDbContext db,
        IOptions<FilesOptions> files,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var directory = files.Value.Directory!;
        var kept = await db
            .Attachments.Where(attachment =>
                attachment.GroupId == command.GroupId && command.Ids.Contains(attachment.Id)
            )
            .Select(attachment => attachment.Id)
            .ToListAsync(ct);
        foreach (var id in kept)
            AttachmentFiles.PutBack(directory, command.GroupId, id);
        foreach (var id in command.Ids.Except(kept))
            AttachmentFiles.SetAside(directory, command.GroupId, id, clock.GetUtcNow());
        return Result.Success;
    }
}

/// <summary>
/// At the start and every hour, looks for what a crash between a file and its row has left in the directory. It leaves
/// alone what is younger than an hour: its row may be about to be committed. It may run on several hosts at once, and
/// on those of another database, such as a trial of a restore: it puts back what another has set aside.
/// </summary>
internal sealed partial class RemoveOrphanedFilesEveryHour(
    IServiceScopeFactory scopes,
    IOptions<FilesOptions> files,
    TimeProvider clock,
    ILogger<RemoveOrphanedFilesEveryHour> log
) : HourlyTask(clock, atStart: true)
{
    /// <summary>
    /// What a crash leaves is found within hours. What is older belongs to a row that this database may not
    /// have: it was restored, or it is another one's.
    /// </summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(2);

    /// <summary>One practice whose files cannot be moved keeps none of the others back.</summary>
    public override async Task RunAsync(CancellationToken ct)
    {
        if (files.Value.Directory is not { } directory)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IModuleBus>();
        var now = Clock.GetUtcNow();
        foreach (var groupId in AttachmentFiles.Practices(directory))
            try
            {
                ct.ThrowIfCancellationRequested();
                foreach (var ids in AttachmentFiles.FilesToLookAt(directory, groupId, now - Oldest, now - Interval, ct))
                    await bus.InvokeAsSystemAsync(new RemoveOrphanedFiles(groupId, ids), ct);
            }
            catch (Exception failure) when (!ct.IsCancellationRequested && !DatabaseFaults.IsTransient(failure))
            {
                LogPracticeFailed(groupId, failure);
            }
    }

    protected override void OnFailure(Exception failure) => LogFailure(failure);

    [LoggerMessage(
        LogLevel.Warning,
        "Could not set aside files without an attachment of practice {GroupId} in Files:Directory; retrying in 1 h."
    )]
    private partial void LogPracticeFailed(Guid groupId, Exception failure);

    [LoggerMessage(
        LogLevel.Warning,
        "Could not set aside files without an attachment in Files:Directory; retrying in 1 h."
    )]
    private partial void LogFailure(Exception failure);
}
