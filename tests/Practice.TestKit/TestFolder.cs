namespace Practice.TestKit;

/// <summary>The folder for all that this test process leaves on disk, gone with it.</summary>
public static class TestFolder
{
    private static readonly Stack<Func<Task>> Endings = new();

    static TestFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveAsync().GetAwaiter().GetResult();

    /// <summary>Not a "temporary subdirectory", which nobody but its maker could enter: the database server runs as another user.</summary>
    public static string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"practice-tests-{Environment.ProcessId}-{Guid.CreateVersion7():n}")).FullName;

    /// <summary>A folder of its own in it, not made yet.</summary>
    public static string New(string name) => System.IO.Path.Combine(Path, $"{name}-{Guid.CreateVersion7():n}");

    /// <summary>Ends what uses the folder, before it goes.</summary>
    public static void AtExit(Func<Task> end)
    {
        lock (Endings)
            Endings.Push(end);
    }

    private static async Task RemoveAsync()
    {
        try
        {
            while (Endings.TryPop(out var end))
                await end();
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)      // a host that is still writing its last mail; the folder is the system's to clean up
        {
        }
    }
}
