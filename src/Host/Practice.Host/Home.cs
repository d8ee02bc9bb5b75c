namespace Practice.Host;

/// <summary>
/// Where the product is at home: the checkout it was built in, else the folder it was published to. Relative folders in
/// the settings begin here, so that they mean the same whatever the working directory is.
/// </summary>
internal static class Home
{
    private static readonly string? Checkout = FindCheckout();

    public static bool IsCheckout => Checkout is not null;

    public static string Folder { get; } = Checkout ?? AppContext.BaseDirectory;

    public static string Resolve(string folder) => Path.GetFullPath(folder, Folder);

    private static string? FindCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Practice.Modular.sln")))
                return folder.FullName;
        }

        return null;
    }
}
