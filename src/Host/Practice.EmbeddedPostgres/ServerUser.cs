namespace Practice.EmbeddedPostgres;

/// <summary>PostgreSQL refuses to run as root; a host that is root runs it as somebody else.</summary>
internal static class ServerUser
{
    /// <returns>Null where the host's own user will do.</returns>
    public static async Task<string?> For(string data, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;

        if (Directory.Exists(data))
        {
            var format = OperatingSystem.IsMacOS() ? "-f %Su" : "-c %U";
            var owner = (await ChildProcess.Shell(null, $"stat {format} -- \"$1\"", ct, data)).Output.Trim();
            return await IsOrdinary(owner, ct)
                ? owner
                : throw new EmbeddedPostgresException(
                    $"{data} belongs to {(owner == "root" ? "root" : "a user without a passwd entry")}, and PostgreSQL cannot run as that user: give the folder to another user with chown -R."
                );
        }

        string?[] candidates = [Environment.GetEnvironmentVariable("SUDO_USER"), "postgres", "nobody"];
        foreach (var candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate) && await IsOrdinary(candidate, ct))
                return candidate;
        }

        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody to run it as: add one, or start as another user than root."
        );
    }

    private static async Task<bool> IsOrdinary(string user, CancellationToken ct)
    {
        var uid = await ChildProcess.Shell(null, "id -u -- \"$1\"", ct, user);
        return uid.Succeeded && uid.Output.Trim() != "0";
    }
}
