namespace Practice.Host;

/// <summary>The addresses listened on, as they are reached from this machine.</summary>
internal static class ListeningUrls
{
    private static readonly string[] AnyAddress = ["0.0.0.0", "[::]", "+", "*"];

    /// <summary>The first one that the settings name, in ASP.NET Core's own order: URLs before ports, http before https.</summary>
    public static string FirstOf(IConfiguration configuration) =>
        First(configuration["urls"]) is { } url ? Reachable(url)
        : First(configuration["http_ports"]) is { } port ? $"http://localhost:{port}"
        : First(configuration["https_ports"]) is { } secure ? $"https://localhost:{secure}"
        : "http://localhost:5000";

    /// <summary>An address that stands for every one of this machine's, in a form that a link can begin with.</summary>
    public static string Reachable(string url)
    {
        foreach (var any in AnyAddress)
            url = url.Replace($"://{any}", "://localhost", StringComparison.Ordinal);
        return url.TrimEnd('/');
    }

    /// <summary>The first address that a server in fact listens on, over plain http where it listens to that.</summary>
    public static string FirstOf(IEnumerable<string> listened)
    {
        var urls = listened.ToArray();
        return Reachable(
            urls.FirstOrDefault(url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)) ?? urls[0]
        );
    }

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
