using System.Globalization;
using Practice.Shared.Audit;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>remove-audit</c>: removes audit entries from before a day.</summary>
internal static class RemoveAuditCommand
{
    /// <summary>What is younger answers questions of today.</summary>
    private const int MinYears = 1;

    public static async Task<int> RunAsync(
        string day,
        AuditHashChain chain,
        PracticeDatabase database,
        TextWriter console
    )
    {
        var before = DayArgument.Read(day, MinYears);
        var result = await chain.VerifyAsync(null, CancellationToken.None);
        if (result is not { Faults.Count: 0, OtherKey: 0 })
            throw new StartupException(
                $"Nothing was removed: the audit log is not intact, or has another key. "
                    + $"See `{CommandLine.VerifyAudit}`."
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
