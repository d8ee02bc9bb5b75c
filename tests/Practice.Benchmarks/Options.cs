using System.Globalization;

namespace Practice.Benchmarks;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Help = """
        dotnet run -c Release --project tests/Practice.Benchmarks -- [options]

          --quick        concurrency 16 only, short rounds: about three minutes on a quiet machine
          --large        also the large set, compared with the small one
          --only NAMES   some parts only, such as --only list,member,signin (see the names in the table)
          --no-build     measures the host that an earlier run has published
          --host FOLDER  measures the host published in this folder
          --keep FOLDER  keeps the database there, so that a later run need not seed it again
          --out FILE     also writes the tables to this file
        """;

    public bool Quick { get; private init; }
    public bool Large { get; private init; }
    public bool Build { get; private init; } = true;
    public string? Host { get; private init; }
    public string? Keep { get; private init; }
    public string? Out { get; private init; }
    public IReadOnlySet<string> Only { get; private init; } = new HashSet<string>();

    public int[] Concurrencies => Quick ? [16] : [1, 16, 64];
    public int WarmUpCalls => Quick ? 15_000 : 60_000;
    public TimeSpan Round => TimeSpan.FromSeconds(Quick ? 1 : 4);
    public TimeSpan SignInRound => TimeSpan.FromSeconds(Quick ? 1.5 : 8);
    public int Starts => Quick ? 2 : 5;
    public int Imported => Quick ? 1_000 : 5_000;

    public bool Wants(string name) => Only.Count == 0 || Only.Contains(name);

    /// <exception cref="ArgumentException">An option is not known.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var argument))
            options = argument switch
            {
                "--quick" => options with { Quick = true },
                "--large" => options with { Large = true },
                "--no-build" => options with { Build = false },
                "--host" => options with { Build = false, Host = Path.GetFullPath(Value(argument)) },
                "--keep" => options with { Keep = Path.GetFullPath(Value(argument)) },
                "--out" => options with { Out = Path.GetFullPath(Value(argument)) },
                "--only" => options with
                {
                    Only = Value(argument).Split(',', StringSplitOptions.TrimEntries).ToHashSet(),
                },
                _ => throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"{argument} is not an option.")
                ),
            };
        return options;

        string Value(string name) =>
            rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{name} needs a value.");
    }
}
