namespace Practice.TestKit;

/// <summary>The folder for all that this test process leaves on disk, gone with it.</summary>
internal static class TestFolder
{
    /// <summary>Not a "temporary subdirectory", which nobody but its maker could enter: the database server runs as another user.</summary>
    public static string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"practice-tests-{Environment.ProcessId}-{Guid.CreateVersion7():n}")).FullName;

    static TestFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();

    private static void Remove()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)      // a host that is still writing its last mail; the folder is the system's to clean up
        {
        }
    }
}
