namespace Practice.Users.Domain;

/// <summary>Turns a User-Agent into a device name that people recognise.</summary>
internal static class DeviceName
{
    /// <summary>The most specific first: most browsers also claim to be those further down.</summary>
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>Such as <c>Chrome on Windows</c>; for other clients, the first word of the User-Agent.</summary>
    public static string Of(string? agent)
    {
        if (string.IsNullOrWhiteSpace(agent))
            return "An unknown device";
        return (Find(Browsers), Find(Systems)) switch
        {
            ({ } browser, { } system) => $"{browser} on {system}",
            ({ } browser, null) => browser,
            _ => agent.Split(' ', '/')[0],
        };

        string? Find((string Sign, string Name)[] known) =>
            known
                .Where(one => agent.Contains(one.Sign, StringComparison.Ordinal))
                .Select(one => one.Name)
                .FirstOrDefault();
    }
}
