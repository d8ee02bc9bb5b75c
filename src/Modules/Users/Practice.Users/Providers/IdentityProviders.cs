using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Practice.Users.Providers;

/// <summary>The providers of the settings, by name.</summary>
internal sealed class IdentityProviders : IDisposable
{
    private readonly FrozenDictionary<string, IdentityProvider> _byName;
    private readonly HttpClient _http;

    public IdentityProviders(
        IOptions<SignInOptions> options,
        IOptions<PublicUrlOptions> publicUrl,
        ILogger<IdentityProvider> log
    )
    {
        _http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        )
        {
            Timeout = IdentityProvider.TimeLimit,
            MaxResponseContentBufferSize = IdentityProvider.MaxAnswerBytes,
        };
        All =
        [
            .. options.Value.Providers.Select(provider => new IdentityProvider(
                provider,
                publicUrl.Value.UrlOf($"/sign-in/provider/{provider.Name}"),
                _http,
                log
            )),
        ];
        _byName = All.ToFrozenDictionary(provider => provider.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>As the operator ordered them.</summary>
    public IReadOnlyList<IdentityProvider> All { get; }

    public ErrorOr<IdentityProvider> Find(string name) =>
        _byName.TryGetValue(name, out var provider) ? provider : ProviderErrors.Unknown;

    public void Dispose() => _http.Dispose();
}
