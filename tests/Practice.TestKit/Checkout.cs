namespace Practice.TestKit;

/// <summary>The checkout that the tests were built in.</summary>
public static class Checkout
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Practice.Modular.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout.");
        return folder;
    }
}
