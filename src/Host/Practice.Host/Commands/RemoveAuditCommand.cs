using System.Globalization;
using Practice.Shared.Audit;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>remove-audit</c>: removes audit entries from before a day.</summary>
internal static class RemoveAuditCommand
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>What is younger answers questions of today.</summary>
    private const int LeastDays = 365;

    public static async Task<int> RunAsync(
        string day,
        AuditHashChain chain,
        PracticeDatabase database,
        TextWriter console
    )
    {
        if (
            !DateTimeOffset.TryParseExact(
                day,
                Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var before
            )
        )
            throw new StartupException($"{day} is no day: write it as in 2019-12-31.");
        if (before > DateTimeOffset.UtcNow.AddDays(-LeastDays))
            throw new StartupException($"{day} is less than a year ago: entries are kept at least that long.");
        var result = await chain.VerifyAsync(null, CancellationToken.None);
        if (result is not { Faults.Count: 0, OtherKey: 0 })
            throw new StartupException(
                $"Nothing was removed: the audit log is not intact, or has another key. See `{CommandLine.VerifyAudit}`."
            );

        var removed = 0L;
        await PracticeHost
            .Setup(database)
            .WithAllRowsAsync(
                async owner => removed = await chain.RemoveBeforeAsync(owner, before, CancellationToken.None),
                CancellationToken.None
            );
        await console.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{removed} entries from before {day} are removed.")
        );
        return 0;
    }
}
