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
    public static string AtLeast(double value, double? floor, double? goal) => Verdict(value, floor, goal, 1, "≥");

    /// <summary>Whether a figure that should be small keeps to the limit that is asked, and to the goal.</summary>
    public static string AtMost(double value, double? limit, double? goal) => Verdict(value, limit, goal, -1, "≤");

    private static string Verdict(double value, double? floor, double? goal, int sign, string sense) =>
        floor is null || goal is null ? ""
        : value * sign >= goal * sign ? $"goal met ({sense} {Short(goal)})"
        : value * sign >= floor * sign ? $"floor met ({sense} {Short(floor)}; goal {Short(goal)})"
        : $"**not met** ({sense} {Short(floor)}; goal {Short(goal)})";

    private static string Short(double? value) => Number(value!.Value, "#,0.##");
}
