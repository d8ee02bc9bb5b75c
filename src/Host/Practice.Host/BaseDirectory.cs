namespace Practice.Host;

/// <summary>
/// The checkout that the product was built in, or else the folder it was published to. Relative folders in the settings
/// start here, so that they do not depend on the working directory.
/// </summary>
internal static class BaseDirectory
{
    private static readonly string? Checkout = FindCheckout();

    public static bool IsCheckout => Checkout is not null;

    public static string Path { get; } = Checkout ?? AppContext.BaseDirectory;

    public static string Resolve(string folder) => System.IO.Path.GetFullPath(folder, Path);

    private static string? FindCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Practice.Modular.sln")))
                return folder.FullName;
        }

        return null;
    }
}
