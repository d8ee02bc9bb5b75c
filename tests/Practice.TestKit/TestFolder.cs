using System.Diagnostics;
using System.Globalization;

namespace Practice.TestKit;

/// <summary>
/// The folder for all that this test process leaves on disk. A test runner gives its processes no time to clean up
/// after themselves, so the next one does it.
/// </summary>
public static class TestFolder
{
    private const string Prefix = "practice-tests-";

    /// <summary>
    /// Not a "temporary subdirectory", which nobody but its maker could enter: the database server runs as another
    /// user.
    /// </summary>
    public static string Path { get; } = Make();

    /// <summary>A folder of its own in it, not made yet.</summary>
    public static string New(string name) => System.IO.Path.Combine(Path, $"{name}-{Guid.CreateVersion7():n}");

    private static string Make()
    {
        var temp = System.IO.Path.GetTempPath();
        foreach (var left in Directory.EnumerateDirectories(temp, $"{Prefix}*").Where(left => !IsInUse(left)))
            Remove(left);
        return Directory
            .CreateDirectory(System.IO.Path.Combine(temp, $"{Prefix}{Environment.ProcessId}-{Guid.CreateVersion7():n}"))
            .FullName;
    }

    private static bool IsInUse(string folder)
    {
        try
        {
            var processId = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            using var process = Process.GetProcessById(int.Parse(processId, CultureInfo.InvariantCulture));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        // Another process uses it, or it is another user's.
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException) { }
    }
}
