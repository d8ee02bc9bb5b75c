using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Runtime;

namespace Practice.Shared.Messaging;

/// <summary>
/// The connection ended during a commit, so nobody knows whether it happened; or no standby confirmed it, so a
/// fail-over may lose it. A call is not tried again at once: it would meet its own change. Its repeat gets the answer
/// that was committed, if it has an <c>Idempotency-Key</c>.
/// </summary>
public sealed class UncertainCommitException(Exception fault)
    : Exception("The connection to the database ended during a commit, or no standby confirmed it.", fault);

/// <summary>If such a commit happened, its messages are stored as this host's, and are in no queue of it.</summary>
internal static class UncertainCommit
{
    /// <summary>
    /// Any host may take over what belongs to nobody. What another has taken over by now is its own. Waits for no
    /// standby: lost in a fail-over, it is only late.
    /// </summary>
    private const string ReleaseSql = $"""
        update {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes set owner_id = 0
        where id = any($1) and owner_id = $2 and status = 'Incoming'
        """;

    /// <summary>Lets any host take them up, as soon as the database answers.</summary>
    public static void Release(IWolverineRuntime runtime, IReadOnlyList<Envelope> messages)
    {
        if (messages.Count == 0)
            return;
        var source = runtime.Services.GetRequiredService<PracticeDatabase>().For(PracticeDatabase.MessagingSchema);
        var (node, ids) = (runtime.DurabilitySettings.AssignedNodeNumber, messages.Select(each => each.Id).ToArray());
        runtime
            .Services.GetRequiredService<DeferredWrites>()
            .Add(
                new DeferredWrite(
                    string.Create(CultureInfo.InvariantCulture, $"who handles {ids.Length} messages"),
                    "They go on when this host is restarted, or after five minutes.",
                    runtime.DurabilitySettings.InboxStaleTime ?? TimeSpan.Zero,
                    ct => ReleaseAsync(source, node, ids, ct)
                )
            );
    }

    internal static async Task ReleaseAsync(NpgsqlDataSource source, int node, Guid[] ids, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("set local synchronous_commit = 'local'"),
                new(ReleaseSql)
                {
                    Parameters =
                    {
                        new() { Value = ids },
                        new() { Value = node },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
