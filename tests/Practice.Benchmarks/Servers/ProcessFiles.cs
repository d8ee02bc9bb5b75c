using System.Globalization;

namespace Practice.Benchmarks.Servers;

/// <summary>What Linux tells about a process, in <c>/proc</c>.</summary>
internal static class ProcessFiles
{
    /// <summary>Linux shows times to programs in hundredths of a second, on every machine.</summary>
    private const int TicksPerSecond = 100;

    public static TimeSpan CpuOf(int processId) => Read(processId)?.Own ?? TimeSpan.Zero;

    public static int ParentOf(int processId) => Read(processId)?.Parent ?? 0;

    /// <summary>The time used by a process and all its children, those that have ended too.</summary>
    public static TimeSpan CpuOfFamily(int processId)
    {
        if (Read(processId) is not { } parent)
            return TimeSpan.Zero;
        var children = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(Read)
            .Where(stat => stat?.Parent == processId)
            .Sum(stat => stat!.Own.Ticks);
        return parent.Own + parent.EndedChildren + TimeSpan.FromTicks(children);
    }

    public static long MemoryOf(int processId) =>
        File.ReadLines($"/proc/{processId}/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line => 1024 * long.Parse(line[6..^2], CultureInfo.InvariantCulture))
            .FirstOrDefault();

    /// <summary>Null if the process has ended.</summary>
    private static Stat? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            // The second field, the program's name in brackets, may hold blanks. After it: state, parent, …
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                Time(fields[11]) + Time(fields[12]),
                Time(fields[13]) + Time(fields[14])
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static TimeSpan Time(string ticks) =>
        TimeSpan.FromSeconds(long.Parse(ticks, CultureInfo.InvariantCulture) / (double)TicksPerSecond);

    private sealed record Stat(int Parent, TimeSpan Own, TimeSpan EndedChildren);
}
