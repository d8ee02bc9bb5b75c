using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Practice.Shared.Texts;

/// <summary>
/// The gateway that sends text messages: the configuration section <c>Sms</c>. Without it none are sent, and practices
/// are not offered any. Two modules read it: one offers text messages, the other sends them.
/// </summary>
/// <param name="Url">The API's address, without the account: <c>https://api.example.com/2010-04-01</c>.</param>
/// <param name="Account">Signs in together with the token.</param>
/// <param name="From">The number, or the name, that messages come from.</param>
/// <param name="Timeout">How long one message may take.</param>
public sealed record TextGatewaySettings(Uri? Url, string Account, string Token, string From, TimeSpan Timeout)
{
    public const string Section = "Sms";

    private static readonly string[] Names = ["Url", "Account", "Token", "From"];
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(1);

    public bool IsSetUp => Url is not null;

    /// <exception cref="OptionsValidationException">A setting is missing or wrong; the sentence says which.</exception>
    public static TextGatewaySettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var missing = Names.Where(name => string.IsNullOrWhiteSpace(section[name])).ToList();
        if (missing.Count == Names.Length)
            return new(null, "", "", "", UsualTimeout);
        if (missing.Count > 0)
            throw Wrong(
                $"{Section}:Url, Account, Token and From are set together. Missing: {string.Join(", ", missing)}."
            );
        if (
            !Uri.TryCreate(section["Url"], UriKind.Absolute, out var url)
            || url is not { Scheme: "http" or "https", Query: "", Fragment: "" }
        )
            throw Wrong($"{Section}:Url must be an absolute http or https address without a query.");
        var timeout = UsualTimeout;
        if (
            section["Timeout"] is { } set
            && (
                !TimeSpan.TryParse(set, CultureInfo.InvariantCulture, out timeout)
                || timeout <= TimeSpan.Zero
                || timeout > MaxTimeout
            )
        )
            throw Wrong($"{Section}:Timeout must be longer than zero and at most 00:01:00.");
        return new(url, section["Account"]!, section["Token"]!, section["From"]!, timeout);
    }

    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(TextGatewaySettings);

    private static OptionsValidationException Wrong(string sentence) =>
        new(Section, typeof(TextGatewaySettings), [sentence]);
}
