namespace Practice.Web.Pages.Account;

/// <summary>What a browser says of itself, in words that its owner knows it by.</summary>
internal static class Devices
{
    /// <summary>The more exact first: most browsers also claim to be those further down.</summary>
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

    /// <summary>Such as <c>Chrome on Windows</c>; what is not a browser goes by the first word of what it says.</summary>
    public static string Name(string? agent)
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
