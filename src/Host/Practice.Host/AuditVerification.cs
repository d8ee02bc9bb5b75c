using Practice.Shared.Audit;

namespace Practice.Host;

/// <summary><c>-- verify-audit</c>: says whether the audit is as it was written.</summary>
internal static class AuditVerification
{
    /// <returns>The process's exit code: 1 where the audit was tampered with.</returns>
    public static async Task<int> RunAsync(AuditHashChain chain, TextWriter console)
    {
        var verdict = await chain.VerifyAsync(CancellationToken.None);
        foreach (var fault in verdict.Faults)
            await console.WriteLineAsync(fault);
        await console.WriteLineAsync(
            verdict.Faults.Count == 0
                ? $"The audit is whole: {verdict.Seals} sealed entries."
                : $"The audit was tampered with: {verdict.Faults.Count} faults in {verdict.Seals} sealed entries."
        );
        return verdict.Faults.Count == 0 ? 0 : 1;
    }
}
