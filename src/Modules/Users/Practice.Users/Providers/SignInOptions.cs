using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Practice.Users.Providers;

/// <summary>The identity providers that people may sign in with.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    public List<ProviderOptions> Providers { get; set; } = [];
}

public sealed class ProviderOptions
{
    /// <summary>On the button and in the addresses: letters, digits and dashes.</summary>
    public string? Name { get; set; }

    /// <summary>The provider's issuer: its discovery document is below it.</summary>
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>
    /// What the id token must say to be accepted: a claim's name, and one value or several with commas between. Google
    /// has the organization in <c>hd</c>, Microsoft Entra the tenant in <c>tid</c>.
    /// </summary>
    public Dictionary<string, string> RequiredClaims { get; set; } = [];

    /// <summary>
    /// Without a slash at its end: some providers have one there, and operators write it as they like.
    /// </summary>
    internal string Issuer => Authority!.TrimEnd('/');

    internal static string[] Values(string? values) =>
        (values ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>A wrong provider stops the host at start, with one line that names the setting.</summary>
internal sealed partial class SignInOptionsValidation(IConfiguration configuration, IHostEnvironment environment)
    : IValidateOptions<SignInOptions>
{
    private static readonly string[] Keys =
    [
        nameof(ProviderOptions.Name),
        nameof(ProviderOptions.Authority),
        nameof(ProviderOptions.ClientId),
        nameof(ProviderOptions.ClientSecret),
    ];

    public ValidateOptionsResult Validate(string? name, SignInOptions options) =>
        Problem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;

    private string? Problem(SignInOptions options)
    {
        var section = configuration.GetSection(SignInOptions.Section);
        if (Unknown(section, nameof(SignInOptions.Providers)) is { } unknown)
            return $"{unknown.Path} is not a setting: under {SignInOptions.Section} there is only Providers.";
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in section.GetSection(nameof(SignInOptions.Providers)).GetChildren())
        {
            if (Unknown(entry, [.. Keys, nameof(ProviderOptions.RequiredClaims)]) is { } other)
                return $"{other.Path} is not a setting: a provider has {string.Join(", ", Keys)} and RequiredClaims.";
            if (Keys.FirstOrDefault(key => string.IsNullOrWhiteSpace(entry[key])) is { } missing)
                return $"{entry.Path}:{missing} is missing: a provider needs {string.Join(", ", Keys)}.";
            var provider = entry[nameof(ProviderOptions.Name)]!;
            if (!UrlSafe().IsMatch(provider))
                return $"{entry.Path}:Name is '{provider}': it must be letters, digits and dashes, at most 40.";
            if (!known.Add(provider))
                return $"{entry.Path}:Name is '{provider}', as another provider's is: each needs its own.";
            if (!IsAuthority(entry[nameof(ProviderOptions.Authority)]!))
                return $"{entry.Path}:Authority must be the provider's https address, without a query, "
                    + "such as https://login.example.com.";
            if (IncompleteClaim(entry.GetSection(nameof(ProviderOptions.RequiredClaims))) is { } claim)
                return $"{claim.Path} must be a claim with its value, such as RequiredClaims:hd=example.com.";
        }

        return options.Providers.Count == known.Count
            ? null
            : $"{SignInOptions.Section}:Providers must be a list, such as SignIn:Providers:0:Name.";
    }

    /// <summary>A claim without a value would let everybody in, or nobody.</summary>
    private static IConfigurationSection? IncompleteClaim(IConfigurationSection claims) =>
        claims.Value is not null
            ? claims
            : claims.GetChildren().FirstOrDefault(claim => ProviderOptions.Values(claim.Value).Length == 0);

    /// <summary>A developer may run a provider on the same machine, without TLS.</summary>
    private bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Query: "", Fragment: "", UserInfo: "" }
        && (
            url.Scheme == Uri.UriSchemeHttps
            || (environment.IsDevelopment() && url is { Scheme: "http", IsLoopback: true })
        );

    private static IConfigurationSection? Unknown(IConfigurationSection section, params string[] known) =>
        section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase));

    [GeneratedRegex("^[A-Za-z0-9](-?[A-Za-z0-9]){0,39}$")]
    private static partial Regex UrlSafe();
}
