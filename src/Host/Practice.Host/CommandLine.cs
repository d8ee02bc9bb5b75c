namespace Practice.Host;

/// <summary>The host's commands. Arguments before a command are settings.</summary>
internal static class CommandLine
{
    public const string Run = "run";
    public const string Migrate = "migrate";
    public const string VerifyAudit = "verify-audit";
    public const string RemoveAudit = "remove-audit";
    public const string RemoveAccessLog = "remove-access-log";
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string Check = "check";
    public const string ListDeadLetters = "dead-letters list";
    public const string ShowDeadLetter = "dead-letters show";
    public const string ReplayDeadLetters = "dead-letters replay";
    public const string DiscardDeadLetters = "dead-letters discard";
    public const string Describe = "describe";
    public const string StorageCounts = "storage counts";
    public const string WriteCode = "codegen write";
    public const string IsReady = "health";
    public const string Help = "help";

    /// <param name="Argument">What must follow the command; null for nothing.</param>
    private sealed record Known(string Name, string? Argument, string Description)
    {
        public string Usage => Argument is null ? Name : $"{Name} {Argument}";
    }

    private static readonly Known[] Commands =
    [
        new(Run, null, "Start the product. This is the default."),
        new(Migrate, null, "Bring the database up to date."),
        new(Check, null, "Check configuration, database, mail, clock and disk. Exits with 1 if one is not right."),
        new(Backup, "FILE|FOLDER", "Write everything that the database holds to a file. Hosts may be running."),
        new(Restore, "FILE", "Fill an empty database from such a file."),
        new(
            VerifyAudit,
            null,
            "Check the audit log's hash chain. Exits with 1 if an entry was changed, is missing, or has another key."
        ),
        new(RemoveAudit, "DATE", "Remove audit entries from before a day, at least a year ago. The chain stays whole."),
        new(RemoveAccessLog, "DATE", "Remove from the access log what is from before a day, at least seven years ago."),
        new(ListDeadLetters, null, "List the messages that failed, the newest first."),
        new(ShowDeadLetter, "ID", "Show why a message failed."),
        new(ReplayDeadLetters, "ID|all", "Have running hosts handle failed messages again."),
        new(DiscardDeadLetters, "ID|all", "Delete failed messages. What they were to do is not done."),
        new(StorageCounts, null, "Count the stored messages: waiting, scheduled, handled and failed."),
        new(Describe, null, "List message handlers, queues and retry policies."),
        new(WriteCode, null, "Write the generated code around message handlers. The build does this."),
        new(IsReady, null, "Ask the host that runs on this machine whether it is ready. Exits with 1 if it is not."),
        new(Help, null, "Show this list."),
    ];

    /// <summary>Only this part: another part prints all settings, with the passwords in them.</summary>
    private static readonly string[] DescribeMessaging = [Describe, "--title", "Wolverine"];

    /// <summary>Commands for a database that is not in use by a host.</summary>
    private static readonly string[] NeedDatabaseAlone = [Run, Migrate, Restore];

    private static readonly string[] HelpFlags = ["--help", "-h", "-?"];

    /// <returns>
    /// The command, or <see cref="Run"/> if there is none, and its argument, or the arguments for Wolverine's command
    /// line.
    /// </returns>
    /// <exception cref="StartupException">There is no such command, or its argument is missing.</exception>
    public static (string Command, string[] Arguments) Parse(string[] args)
    {
        if (args.Any(HelpFlags.Contains))
            return (Help, []);

        var first = SkipSettings(args);
        if (first == args.Length)
            return (Run, []);
        var command = Find(args[first..]);
        return (command.Name, ArgumentsOf(command, args[first..]));
    }

    /// <summary>Whether the command may use the embedded database while a host runs it.</summary>
    public static bool RunsBesideHost(string command) => !NeedDatabaseAlone.Contains(command);

    public static string HelpText()
    {
        var width = Commands.Max(command => command.Usage.Length);
        return string.Join(
            Environment.NewLine,
            [
                "Usage: Practice.Host [--Key=value ...] [command]",
                "",
                "Commands:",
                .. Commands.Select(command => $"  {command.Usage.PadRight(width)}  {command.Description}"),
            ]
        );
    }

    private static string[] ArgumentsOf(Known command, string[] args)
    {
        var words = command.Name.Split(' ');
        var rest = args[words.Length..];
        if (command.Argument is null)
            return SkipSettings(rest) < rest.Length && command.Name != Help
                    ? throw new StartupException($"Usage: {command.Usage}. Nothing follows it.")
                : command.Name == Describe ? DescribeMessaging
                : words;
        return rest is [var argument] && !argument.StartsWith('-')
            ? [argument]
            : throw new StartupException($"Usage: {command.Usage}. Settings go before the command.");
    }

    /// <returns>Where the first word is that is no setting; the length where there is none.</returns>
    private static int SkipSettings(string[] args)
    {
        for (var index = 0; index < args.Length; index++)
        {
            var argument = args[index];
            if (argument == "--")
                continue; // as `dotnet run --` has it
            if (!IsSetting(argument))
                return index;
            var name = argument.TrimStart('-', '/').Split('=')[0];
            if (Array.Exists(Commands, command => command.Name.Split(' ')[0] == name))
                throw new StartupException($"{argument} is no setting. A command is written without dashes: {name}.");
            if (!argument.Contains('=', StringComparison.Ordinal))
                index++; // the next argument is the setting's value
        }

        return args.Length;
    }

    private static Known Find(string[] args)
    {
        if (
            Array.Find(Commands, command =>
                command.Name.Split(' ') is var words && args.Take(words.Length).SequenceEqual(words)
            ) is
            { } found
        )
            return found;

        var unknown = string.Join(' ', args.TakeWhile(argument => !IsSetting(argument)).Take(2));
        throw new StartupException(
            $"Unknown command: {unknown}. Use one of: {string.Join(", ", Commands.Select(command => command.Name))}."
        );
    }

    /// <summary>Every form that ASP.NET Core reads: <c>--Key=value</c>, <c>--Key value</c>, <c>/Key</c>…</summary>
    private static bool IsSetting(string argument) =>
        argument.StartsWith('-') || argument.StartsWith('/') || argument.Contains('=', StringComparison.Ordinal);
}
