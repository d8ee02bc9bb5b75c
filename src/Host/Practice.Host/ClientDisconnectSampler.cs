using Microsoft.Extensions.Logging.Abstractions;

namespace Practice.Host;

/// <summary>
/// A caller who hangs up is no error. Wolverine logs every call that a handler did not finish as one, before it passes
/// the exception on to where it is told apart.
/// </summary>
internal sealed class ClientDisconnectSampler : LoggingSampler
{
    private const string Unfinished = "Invocation of {Message} failed!";

    public override bool ShouldSample<TState>(in LogEntry<TState> logEntry) =>
        logEntry.Exception is not OperationCanceledException
        || logEntry.State is not IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } state
        || state[^1].Value is not Unfinished;
}
