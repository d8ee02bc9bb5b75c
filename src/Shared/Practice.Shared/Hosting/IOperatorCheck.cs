namespace Practice.Shared.Hosting;

/// <summary>What the command <c>check</c> looks at, one line each.</summary>
public interface IOperatorCheck
{
    string Name { get; }

    /// <summary>What is right. What is not is an exception, whose message says so.</summary>
    /// <param name="leastFreeBytes">How many bytes of a disk must be free.</param>
    Task<string> RunAsync(long leastFreeBytes, CancellationToken ct);
}
