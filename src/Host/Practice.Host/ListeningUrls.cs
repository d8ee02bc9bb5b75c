namespace Practice.Host;

/// <summary>The addresses that the host listens on, as URLs that work on this machine.</summary>
internal static class ListeningUrls
{
    private static readonly string[] AnyAddress = ["0.0.0.0", "[::]", "+", "*"];

    /// <summary>
    /// The first address in the settings; as in ASP.NET Core, Kestrel's endpoints come
    /// first, then URLs, then ports, http before https.
    /// </summary>
    public static string FirstOf(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).ToArray()
            is { Length: > 0 } endpoints
            ? FirstOf(endpoints.OfType<string>())
        : First(configuration["urls"]) is { } url ? Reachable(url)
        : First(configuration["http_ports"]) is { } port ? $"http://localhost:{port}"
        : First(configuration["https_ports"]) is { } secure ? $"https://localhost:{secure}"
        : "http://localhost:5000";

    /// <summary>Replaces a wildcard address with localhost, so that the URL works in a link.</summary>
    public static string Reachable(string url)
    {
        foreach (var any in AnyAddress)
            url = url.Replace($"://{any}", "://localhost", StringComparison.Ordinal);
        return url.TrimEnd('/');
    }

    /// <summary>The first address that the server really listens on; http is preferred to https.</summary>
    public static string FirstOf(IEnumerable<string> addresses)
    {
        var urls = addresses.ToArray();
        return Reachable(
            urls.FirstOrDefault(url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)) ?? urls[0]
        );
    }

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
