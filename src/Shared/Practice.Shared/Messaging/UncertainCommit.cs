using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Practice.Shared.Messaging;

/// <summary>
/// The connection ended during a commit, so nobody knows whether it happened. A call is not tried again at once: it
/// would meet its own change. Its repeat gets the answer that was committed, if it has an <c>Idempotency-Key</c>.
/// </summary>
public sealed class UncertainCommitException(Exception fault)
    : Exception("The connection to the database ended during a commit.", fault);

/// <summary>If such a commit happened, its messages are stored as this host's, and are in no queue of it.</summary>
internal static class UncertainCommit
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(1),
        .. Enumerable.Repeat(TimeSpan.FromSeconds(5), 60), // later their stale time has come anyway
    ];

    /// <summary>Lets any host take them up, as soon as the database answers.</summary>
    public static async Task ReleaseAsync(IWolverineRuntime runtime, IReadOnlyList<Envelope> messages)
    {
        if (messages.Count == 0)
            return;
        foreach (var pause in Pauses)
        {
            await Task.Delay(pause, runtime.Cancellation);
            try
            {
                await runtime.Storage.ReassignIncomingAsync(TransportConstants.AnyNode, messages);
                return;
            }
            catch (Exception fault) when (DatabaseFaults.IsTransient(fault)) { }
        }
    }
}
