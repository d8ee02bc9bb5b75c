using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Runtime;

namespace Practice.Shared.Messaging;

/// <summary>A message that failed for an hour while the database did other work. Its sentence names nobody.</summary>
public sealed class MessageGivenUpException(string reason, Exception fault) : Exception(reason, fault);

/// <summary>
/// What becomes of a message that met a fault of the database: it is tried again for as long as the fault lasts. A
/// fault that is the message's own, such as a statement that always takes too long, makes it a dead letter after an
/// hour.
/// </summary>
internal sealed partial class MessageRetries(PracticeDatabase database, TimeProvider clock, ILogger<MessageRetries> log)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const string KeepSql = $"""
        update {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes
        set owner_id = $2, "timestamp" = clock_timestamp()
        where id = $1 and status = 'Incoming' and owner_id in (0, $2) and coalesce("timestamp" = $3, true)
        returning "timestamp"
        """;

    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.MessagingSchema);

    private readonly ConditionalWeakTable<Envelope, Tries> _inHand = [];

    /// <summary>What is known of a message in hand.</summary>
    private sealed class Tries
    {
        /// <summary>When it was last kept, by the database; null where that is not known.</summary>
        public DateTime? KeptAt { get; set; }

        public long? FailedAloneSince { get; set; }
    }

    /// <summary>
    /// Waits in the queue's place for work, so that the database is not flooded, and puts the message last. The queue
    /// is not paused as <c>PauseThenRequeue</c> does: that gives up what is in memory, for which it needs the
    /// database, and lets a message die at its next fault.
    /// </summary>
    public async ValueTask TryAgainLaterAsync(IWolverineRuntime runtime, IEnvelopeLifecycle message, Exception fault)
    {
        var envelope = message.Envelope!;
        var tries = _inHand.GetOrCreateValue(envelope);
        var kept = await KeepAsync(
            envelope,
            tries,
            runtime.DurabilitySettings.AssignedNodeNumber,
            runtime.Cancellation
        );
        if (kept is false)
        {
            LogLetGo(envelope.Id, envelope.MessageType);
            return;
        }

        if (HasFailedAloneForLong(tries, fault, canWrite: kept is true))
        {
            await GiveUpAsync(runtime, message, fault);
            return;
        }

        await Task.Delay(Pause, runtime.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Not awaited: a full queue takes a message only when this one has let go.
        _ = PutBackAsync(message);
    }

    /// <summary>Never fails: nobody waits for it.</summary>
    internal async Task PutBackAsync(IEnvelopeLifecycle message)
    {
        var envelope = message.Envelope; // of another message, perhaps, once this one has let go
        try
        {
            await message.DeferAsync();
        }
        catch (Exception failed)
        {
            LogNotPutBack(failed, envelope?.Id, envelope?.MessageType);
        }
    }

    private bool HasFailedAloneForLong(Tries tries, Exception fault, bool canWrite)
    {
        // A commit whose end nobody heard may have happened: the next try finds out.
        if (
            !canWrite
            || fault is UncertainCommitException
            || !(IsLate(fault) || DatabaseFaults.IsOfTheStatement(fault))
        )
        {
            tries.FailedAloneSince = null;
            return false;
        }

        tries.FailedAloneSince ??= clock.GetTimestamp();
        return clock.GetElapsedTime(tries.FailedAloneSince.Value) >= GiveUpAfter;
    }

    /// <summary>Whether Wolverine ended the message after its minute.</summary>
    private static bool IsLate(Exception fault) => fault is OperationCanceledException;

    /// <summary>
    /// Keeps the message for another try. Hosts take up again what was stored more than five minutes ago, also while it
    /// is still in hand: so its row is as if stored now. Where two have it all the same, the one that kept it last goes
    /// on, and the other one finds that and lets go.
    /// </summary>
    /// <returns>
    /// False where another one has the message, or it is handled; null where the database cannot commit a change within
    /// a call's limit. One whose disk hangs or is full still answers what it need not write.
    /// </returns>
    private async Task<bool?> KeepAsync(Envelope message, Tries tries, int node, CancellationToken ct)
    {
        var keptAt = tries.KeptAt;
        tries.KeptAt = null;
        try
        {
            await using var keep = _source.CreateCommand(KeepSql);
            keep.Parameters.Add(new() { Value = message.Id });
            keep.Parameters.Add(new() { Value = node });
            keep.Parameters.Add(
                new() { Value = (object?)keptAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }
            );
            tries.KeptAt = (DateTime?)await keep.ExecuteScalarAsync(ct);
            return tries.KeptAt is not null;
        }
        catch (Exception)
        {
            return null; // what is thrown on would end the message as handled
        }
    }

    private async Task GiveUpAsync(IWolverineRuntime runtime, IEnvelopeLifecycle message, Exception fault)
    {
        var how = IsLate(fault) || DatabaseFaults.IsTimeout(fault) ? "did not end in time" : "failed";
        var givenUp = new MessageGivenUpException(
            $"A statement of this message {how} for an hour, while the database was well. "
                + "Find what it waits for or why it is slow; then replay the message.",
            fault
        );
        LogGivenUp(givenUp, message.Envelope!.Id, message.Envelope.MessageType);
        await message.MoveToDeadLetterQueueAsync(givenUp);
        await message.CompleteAsync();
        runtime.MessageTracking.MessageFailed(message.Envelope, givenUp);
        runtime.MessageTracking.MovedToErrorQueue(message.Envelope, givenUp);
    }

    [LoggerMessage(
        LogLevel.Information,
        "Let go of message {Id} ({Type}): another copy of it is in hand, or it is handled."
    )]
    private partial void LogLetGo(Guid id, string? type);

    [LoggerMessage(
        LogLevel.Error,
        "Gave up on message {Id} ({Type}): its statement failed for an hour, while the database was well. "
            + "`dead-letters show {Id}` has more."
    )]
    private partial void LogGivenUp(Exception why, Guid id, string? type);

    [LoggerMessage(
        LogLevel.Error,
        "Could not put message {Id} ({Type}) back into its queue. It goes on when this host is restarted."
    )]
    private partial void LogNotPutBack(Exception failed, Guid? id, string? type);
}
