using System.Text.RegularExpressions;

namespace Practice.Users.Domain;

/// <summary>Turns a User-Agent into a device name that people recognise.</summary>
internal static partial class DeviceName
{
    private const string Unknown = "An unknown device";

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

    /// <summary>Such as <c>Chrome on Windows</c>; for other clients, the product that the User-Agent begins
    /// with, if it is a plain word: the name stands in emails, and anyone chooses their User-Agent.</summary>
    public static string Of(string? agent)
    {
        if (string.IsNullOrWhiteSpace(agent))
            return Unknown;
        return (Find(Browsers), Find(Systems)) switch
        {
            ({ } browser, { } system) => $"{browser} on {system}",
            ({ } browser, null) => browser,
            _ => Product().Match(agent) is { Success: true } product ? product.Value : Unknown,
        };

        string? Find((string Sign, string Name)[] known) =>
            known
                .Where(one => agent.Contains(one.Sign, StringComparison.Ordinal))
                .Select(one => one.Name)
                .FirstOrDefault();
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,19}(?=[/ ]|$)")]
    private static partial Regex Product();
}
