using System.Globalization;

namespace Practice.Benchmarks.Measures;

/// <summary>Prints markdown, to the console and to a file if one was named.</summary>
internal sealed class Report(string? file)
{
    private readonly List<string> _lines = [];

    public void Line(string line = "")
    {
        Console.WriteLine(line);
        _lines.Add(line);
    }

    public void Table(params string[] columns)
    {
        Line();
        Row(columns);
        Row([.. columns.Select(_ => "---")]);
    }

    public void Row(params string[] cells) => Line($"| {string.Join(" | ", cells)} |");

    public void Save()
    {
        if (file is not null)
            File.WriteAllLines(file, _lines);
    }

    public static string Number(double value, string format = "n0") =>
        value.ToString(format, CultureInfo.InvariantCulture);

    public static string Millis(TimeSpan time) => Number(time.TotalMilliseconds, "0.00");

    /// <summary>Whether a figure that should be large reaches floor and goal.</summary>
    public static string Verdict(double value, double? floor, double? goal) =>
        floor is null ? ""
        : value >= goal ? $"goal met (≥ {Number(goal.Value, "0.##")})"
        : value >= floor ? $"floor met (≥ {Number(floor.Value, "0.##")}; goal {Number(goal!.Value, "0.##")})"
        : $"**below the floor** ({Number(floor.Value, "0.##")})";
}
