namespace Practice.EmbeddedPostgres;

/// <summary>The user who runs the server. PostgreSQL does not run as root, so a root host picks another user.</summary>
internal static class ServerUser
{
    /// <returns>Null if the host's own user can run the server.</returns>
    public static async Task<string?> For(string data, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;

        if (Directory.Exists(data))
        {
            var format = OperatingSystem.IsMacOS() ? "-f %Su" : "-c %U";
            var owner = (await ChildProcess.Shell(null, $"stat {format} -- \"$1\"", ct, data)).Output.Trim();
            return await IsNonRoot(owner, ct)
                ? owner
                : throw new EmbeddedPostgresException(
                    $"{data} belongs to {(owner == "root" ? "root" : "a user without a passwd entry")}, "
                        + "and PostgreSQL cannot run as that user: give the folder to another user with chown -R."
                );
        }

        string?[] candidates = [Environment.GetEnvironmentVariable("SUDO_USER"), "postgres", "nobody"];
        foreach (var candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate) && await IsNonRoot(candidate, ct))
                return candidate;
        }

        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and this machine has neither a user \"postgres\" nor a user \"nobody\": "
                + "add one of them, or start as a user other than root."
        );
    }

    private static async Task<bool> IsNonRoot(string user, CancellationToken ct)
    {
        var uid = await ChildProcess.Shell(null, "id -u -- \"$1\"", ct, user);
        return uid.Succeeded && uid.Output.Trim() != "0";
    }
}
