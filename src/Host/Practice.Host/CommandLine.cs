namespace Practice.Host;

/// <summary>What the host is told to do: the first argument that is neither a setting nor a setting's value.</summary>
internal static class CommandLine
{
    public const string Run = "run";
    public const string Migrate = "migrate";
    public const string VerifyAudit = "verify-audit";
    public const string Help = "help";
    public const string WriteCode = "codegen";

    private static readonly (string Name, string Does)[] Known =
    [
        (Run, "start the product; the same without a command"),
        (Migrate, "bring the database up to date, and end"),
        (VerifyAudit, "check the audit's hash chain, and end; 1 if an entry was changed or is missing"),
        ("storage counts", "count the messages that wait, are scheduled, handled or failed"),
        ("storage replay", "try failed messages again"),
        ("describe", "list message handlers, queues and settings"),
        ("codegen write", "write the code around message handlers; the build does it"),
        (Help, "show this list"),
    ];

    /// <summary>Commands that come with Wolverine.</summary>
    private static readonly string[] OfWolverine = [WriteCode, "storage", "describe"];

    /// <returns>The command and its own arguments; <see cref="Run"/> where there is none.</returns>
    /// <exception cref="SettingException">There is no such command.</exception>
    public static (string Name, string[] Arguments) Parse(string[] args)
    {
        for (var index = 0; index < args.Length; index++)
        {
            var isSetting = args[index].StartsWith('-') || args[index].StartsWith('/');
            if (isSetting && !args[index].Contains('=', StringComparison.Ordinal))
                index++; // its value comes next
            else if (!isSetting)
                return IsKnown(args[index])
                    ? (args[index], args[index..])
                    : throw new SettingException("The command line", $"names no command: {args[index]}. {List()}");
        }

        return (Run, []);
    }

    public static bool IsOfWolverine(string name) => OfWolverine.Contains(name);

    public static string List() =>
        "Commands: " + string.Join("; ", Known.Select(command => $"{command.Name} ({command.Does})")) + ".";

    private static bool IsKnown(string name) =>
        OfWolverine.Contains(name) || Array.Exists(Known, command => command.Name == name);
}
