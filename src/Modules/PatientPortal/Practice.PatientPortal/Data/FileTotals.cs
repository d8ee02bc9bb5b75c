using Microsoft.EntityFrameworkCore;

namespace Practice.PatientPortal.Data;

/// <summary>What all files of a practice take up, also those that a caller does not see.</summary>
internal sealed class FileTotal
{
    private FileTotal() { }

    public Guid GroupId { get; private init; }
    public long Bytes { get; private init; }
}

internal static class FileTotals
{
    /// <summary>Very small files count more than they hold: each has rows, and an audit entry.</summary>
    public const int MinBytesPerFile = 4_096;

    /// <summary>
    /// Adds a file up. The total stays locked until the end of the transaction: take it after all rows, and when the
    /// file is written.
    /// </summary>
    /// <returns>Whether there was room.</returns>
    public static async Task<bool> TakeRoomAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        int size,
        long? maxBytes,
        CancellationToken ct
    )
    {
        var (bytes, limit) = (Math.Max(size, MinBytesPerFile), maxBytes ?? long.MaxValue);
        return await db.Database.ExecuteSqlAsync(
                $"""
                insert into portal.file_totals as total (group_id, bytes)
                select {groupId}, {bytes} where {bytes} <= {limit}
                on conflict (group_id) do update set bytes = total.bytes + excluded.bytes
                where total.bytes + excluded.bytes <= {limit}
                """,
                ct
            ) == 1;
    }
}
