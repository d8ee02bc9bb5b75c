using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Practice.Shared.Http;

/// <summary>The setting <c>PublicUrl</c>: where people reach the front end, for the links that they are sent.</summary>
public sealed class PublicUrlOptions
{
    public const string Key = "PublicUrl";

    public string PublicUrl { get; set; } = "http://localhost:5000";

    /// <summary>The address of a page or call.</summary>
    /// <param name="path">It begins with a slash.</param>
    public string UrlOf(string path) => PublicUrl.TrimEnd('/') + path;
}

internal sealed class PublicUrlValidation : IValidateOptions<PublicUrlOptions>
{
    public ValidateOptionsResult Validate(string? name, PublicUrlOptions options) =>
        Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url is { Query: "", Fragment: "" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"PublicUrl must be an absolute http or https address without a query, but is '{options.PublicUrl}'."
            );
}

internal static class PublicUrlRegistration
{
    public static void AddPublicUrl(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<PublicUrlOptions>()
            .Configure(options => options.PublicUrl = configuration[PublicUrlOptions.Key] ?? options.PublicUrl)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PublicUrlOptions>, PublicUrlValidation>();
    }
}
