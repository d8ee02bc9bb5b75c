using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Runtime;

namespace Practice.Shared.Messaging;

/// <summary>A message that failed for an hour while the database did other work. Its sentence names nobody.</summary>
public sealed class MessageGivenUpException(string reason, Exception fault) : Exception(reason, fault);

/// <summary>
/// What becomes of a message that met a fault of the database: it is tried again for as long as the fault lasts. A
/// fault that is the message's own, such as a statement that always takes too long, ends after an hour as a dead letter.
/// </summary>
internal sealed partial class MessageRetries(PracticeDatabase database, TimeProvider clock, ILogger<MessageRetries> log)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.MessagingSchema);

    /// <summary>Since when each message in hand has failed alone.</summary>
    private readonly ConditionalWeakTable<Envelope, StrongBox<long>> _failedAloneSince = [];

    /// <summary>
    /// Waits in the queue's place for work, so that the database is not flooded, and puts the message last. The queue
    /// is not paused as <c>PauseThenRequeue</c> does: that gives up what is in memory, for which it needs the
    /// database, and lets a message die at its next fault.
    /// </summary>
    public async ValueTask TryAgainLaterAsync(IWolverineRuntime runtime, IEnvelopeLifecycle message, Exception fault)
    {
        if (await HasFailedAloneForLongAsync(message.Envelope!, fault, runtime.Cancellation))
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
        try
        {
            await message.DeferAsync();
        }
        catch (Exception failed)
        {
            LogNotPutBack(failed, message.Envelope?.Id, message.Envelope?.MessageType);
        }
    }

    private async Task<bool> HasFailedAloneForLongAsync(Envelope message, Exception fault, CancellationToken ct)
    {
        if (!DatabaseFaults.IsOfTheStatement(fault) || !await CanWriteAsync(message, ct))
        {
            _failedAloneSince.Remove(message);
            return false;
        }

        var since = _failedAloneSince.GetValue(message, _ => new(clock.GetTimestamp())).Value;
        return clock.GetElapsedTime(since) >= GiveUpAfter;
    }

    /// <summary>
    /// A commit to the message's own row. Only a database that does this in time, within a call's limit, is well: one
    /// whose disk hangs or is full, or whose tables are locked, still answers what it need not write.
    /// </summary>
    private async Task<bool> CanWriteAsync(Envelope message, CancellationToken ct)
    {
        try
        {
            await using var write = _source.CreateCommand(
                $"update {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes set attempts = $2 where id = $1"
            );
            write.Parameters.Add(new() { Value = message.Id });
            write.Parameters.Add(new() { Value = message.Attempts });
            await write.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (Exception failed) when (failed is NpgsqlException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task GiveUpAsync(IWolverineRuntime runtime, IEnvelopeLifecycle message, Exception fault)
    {
        var how = DatabaseFaults.IsTimeout(fault) ? "did not end in time" : "failed";
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
