using System.Globalization;

namespace Practice.Webhooks.Domain;

/// <summary>
/// Which URLs a practice may give. What a name resolves to is checked when it is used (WebhookClient); this refuses
/// early, and in words, what can never work.
/// </summary>
internal static class WebhookUrl
{
    public const int MaxLength = 500;

    /// <summary>Names that lead into a network, or nowhere (RFC 6761, 6762, 8375, 9476).</summary>
    private static readonly HashSet<string> NotPublic =
    [
        "alt",
        "arpa",
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "onion",
        "private",
        "test",
    ];

    /// <returns>What is wrong with it, as a sentence; null if it may be used.</returns>
    public static string? WhyNot(string text, bool allowPrivate)
    {
        if (text.Any(letter => letter <= ' ' || letter == '\\' || char.IsControl(letter) || char.IsWhiteSpace(letter)))
            return "A URL has no blanks, backslashes or control characters.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
            return "Enter a whole URL, such as https://hooks.your-system.com/practice.";
        if (url.Scheme != Uri.UriSchemeHttps && !(allowPrivate && url.Scheme == Uri.UriSchemeHttp))
            return "The URL must begin with https://.";
        if (url.UserInfo.Length > 0)
            return "Leave out the user name and password: each delivery is signed.";
        if (url.Fragment.Length > 0 || text.Contains('#', StringComparison.Ordinal))
            return "Leave out what follows the #: it is not sent.";
        if (allowPrivate)
            return null;
        if (!url.IsDefaultPort)
            return "Leave out the port: deliveries go to 443.";
        if (url.HostNameType != UriHostNameType.Dns)
            return "Enter a name such as hooks.your-system.com, not an address of numbers.";
        return IsPublicName(url.IdnHost) ? null : "This name cannot be reached from the internet.";
    }

    /// <summary>As it is kept: the host in ASCII.</summary>
    public static string Normalize(string text)
    {
        var url = new Uri(text);
        return url.HostNameType == UriHostNameType.Dns
            ? new UriBuilder(url) { Host = url.IdnHost }
                .Uri
                .AbsoluteUri
            : url.AbsoluteUri;
    }

    /// <summary>For people: a path or query may hold a secret of the receiver's.</summary>
    public static string HostOf(string url) => new Uri(url).Host;

    private static bool IsPublicName(string host)
    {
        var labels = host.ToLower(CultureInfo.InvariantCulture).Split('.');
        return labels.Length >= 2
            && labels.All(label => label.Length > 0)
            && EmailAddress.IsDomain(host)
            && !labels[^1].All(char.IsAsciiDigit)
            && !NotPublic.Contains(labels[^1]);
    }
}
