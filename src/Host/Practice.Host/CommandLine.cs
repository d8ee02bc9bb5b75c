namespace Practice.Host;

/// <summary>The host's commands. Arguments before a command are settings.</summary>
internal static class CommandLine
{
    public const string Run = "run";
    public const string Migrate = "migrate";
    public const string VerifyAudit = "verify-audit";
    public const string Describe = "describe";
    public const string StorageCounts = "storage counts";
    public const string StorageReplay = "storage replay";
    public const string WriteCode = "codegen write";
    public const string IsReady = "health";
    public const string Help = "help";

    private static readonly (string Name, string Description)[] Commands =
    [
        (Run, "Start the product. This is the default."),
        (Migrate, "Bring the database up to date."),
        (VerifyAudit, "Check the audit log's hash chain. Exits with 1 if an entry was changed or is missing."),
        (StorageCounts, "Count the stored messages: waiting, scheduled, handled and failed."),
        (StorageReplay, "Mark all failed messages for another try. A running host then handles them."),
        (Describe, "List message handlers, queues and retry policies."),
        (WriteCode, "Write the generated code around message handlers. The build does this."),
        (IsReady, "Ask the host that runs on this machine whether it is ready. Exits with 1 if it is not."),
        (Help, "Show this list."),
    ];

    /// <summary>Only this part: another part prints all settings, with the passwords in them.</summary>
    private static readonly string[] DescribeMessaging = [Describe, "--title", "Wolverine"];

    private static readonly string[] HelpFlags = ["--help", "-h", "-?"];

    /// <returns>
    /// The command, or <see cref="Run"/> if there is none, and the arguments for Wolverine's command line.
    /// </returns>
    /// <exception cref="StartupException">The command does not exist.</exception>
    public static (string Command, string[] Arguments) Parse(string[] args)
    {
        if (args.Any(HelpFlags.Contains))
            return (Help, []);

        for (var index = 0; index < args.Length; index++)
        {
            if (!IsSetting(args[index]))
            {
                var command = Find(args[index..]);
                var withoutSettings = args[index..].Where(argument => !argument.Contains('='));
                return (command, command == Describe ? DescribeMessaging : [.. withoutSettings]);
            }

            if (!args[index].Contains('=', StringComparison.Ordinal))
                index++; // the next argument is the setting's value
        }

        return (Run, []);
    }

    public static string HelpText()
    {
        var width = Commands.Max(command => command.Name.Length);
        return string.Join(
            Environment.NewLine,
            [
                "Usage: Practice.Host [--Key=value ...] [command]",
                "",
                "Commands:",
                .. Commands.Select(command => $"  {command.Name.PadRight(width)}  {command.Description}"),
            ]
        );
    }

    private static string Find(string[] args)
    {
        foreach (var (name, _) in Commands)
        {
            var words = name.Split(' ');
            if (args.Take(words.Length).SequenceEqual(words))
                return name;
        }

        var unknown = string.Join(' ', args.TakeWhile(argument => !IsSetting(argument)).Take(2));
        throw new StartupException(
            $"Unknown command: {unknown}. Use one of: {string.Join(", ", Commands.Select(command => command.Name))}."
        );
    }

    /// <summary>Every form that ASP.NET Core reads: <c>--Key=value</c>, <c>--Key value</c>, <c>/Key</c>…</summary>
    private static bool IsSetting(string argument) =>
        argument.StartsWith('-') || argument.StartsWith('/') || argument.Contains('=', StringComparison.Ordinal);
}
