using Practice.Shared.Audit;

namespace Practice.Host;

/// <summary><c>verify-audit</c>: checks that no entry of the audit log was changed or deleted.</summary>
internal static class AuditVerification
{
    /// <returns>
    /// The exit code of the process: 1 if the audit log was tampered with, or cannot be verified whole.
    /// </returns>
    public static async Task<int> RunAsync(AuditHashChain chain, IConfiguration configuration, TextWriter console)
    {
        AuditHead? kept = null;
        if (configuration[AuditHashChain.HeadSetting] is { Length: > 0 } text && (kept = AuditHead.Parse(text)) is null)
            throw new SettingException(
                AuditHashChain.HeadSetting,
                $"is '{text}': it must be a head as the log shows it, such as 1234:0123456789abcdef."
            );
        var result = await chain.VerifyAsync(kept, CancellationToken.None);
        foreach (var fault in result.Faults)
            await console.WriteLineAsync(fault);
        if (result.OtherKey > 0)
            await console.WriteLineAsync(
                $"{result.OtherKey} entries were hashed with another key. "
                    + "Run the command again with that key to verify them."
            );
        await console.WriteLineAsync(
            result.Faults.Count == 0
                ? $"The audit log is intact: {result.Entries - result.OtherKey} entries verified."
                : $"The audit log was tampered with: {result.Faults.Count} problems in {result.Entries} entries."
        );
        if (result.Removed > 0)
            await console.WriteLineAsync(
                $"{result.Removed} older entries were removed before, by somebody with the key."
            );
        if (result.Head is { } head)
            await console.WriteLineAsync(
                $"The head is {head}. Keep it: the next check with {AuditHashChain.HeadSetting}={head} finds out if "
                    + "entries before it are cut off."
            );
        return result is { Faults.Count: 0, OtherKey: 0 } ? 0 : 1;
    }
}
