using Practice.Shared.Persistence;

namespace Practice.Host;

/// <summary>
/// A host with <c>Messaging:Mode=Solo</c> takes all messages at its start: those, too, that another host has in its
/// hands.
/// </summary>
internal static class SoloCheck
{
    public const string Problem =
        "Another host is connected to this database, or was a moment ago, and Messaging:Mode is Solo. If there are "
        + "several, set Balanced for each: otherwise emails may be sent twice.";

    /// <summary>What has ended a moment ago, as a login that a setup tried, is still listed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private const int Tries = 4;

    /// <summary>To be asked before this host has begun to handle messages.</summary>
    public static async Task<bool> IsAnotherThereAsync(PracticeDatabase database, CancellationToken ct)
    {
        for (var tries = 1; await IsConnectedAsync(database, ct); tries++)
        {
            if (tries == Tries)
                return true;
            await Task.Delay(Pause, ct);
        }

        return false;
    }

    /// <summary>What a pooler keeps open is nobody's.</summary>
    private static async Task<bool> IsConnectedAsync(PracticeDatabase database, CancellationToken ct)
    {
        await using var find = database
            .For(PracticeDatabase.MessagingSchema)
            .CreateCommand(
                """
                select exists (select from pg_stat_activity
                    where datname = current_database() and usename = current_user
                        and pid <> pg_backend_pid() and query not in ('', 'DISCARD ALL'))
                """
            );
        return await find.ExecuteScalarAsync(ct) is true;
    }
}
