using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Practice.TestKit;

/// <summary>What an issuer says of the person who signed in there, and how a test has it go wrong.</summary>
public sealed record IssuedIdentity(string Subject, string? Email)
{
    public bool EmailVerified { get; init; } = true;

    /// <summary>Whether the email is only at the userinfo endpoint, as some providers have it.</summary>
    public bool EmailInUserInfo { get; init; }

    /// <summary>Claims of the id token that are replaced.</summary>
    public IReadOnlyDictionary<string, object?> Claims { get; init; } = new Dictionary<string, object?>();

    /// <summary>Changes the finished id token.</summary>
    public Func<string, string> Tamper { get; init; } = token => token;
}

/// <summary>
/// A small OpenID Connect issuer on a real port: discovery, keys, token and userinfo endpoints. It holds the client to
/// PKCE, to its secret and to the redirect address, as an issuer must.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string ClientId = "practice client",
        ClientSecret = "a secret: with signs & blanks";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private readonly ConcurrentDictionary<string, IssuedIdentity> _tokens = new();
    private (RSA Key, string Id) _key = (RSA.Create(2048), "1");

    private TestIssuer(WebApplication app) => _app = app;

    public string Authority => _app.Urls.First();

    /// <summary>What the discovery document says in place of the truth.</summary>
    public ConcurrentDictionary<string, object> Discovery { get; } = new();

    /// <summary>Who is signed in there, for tests with a real browser: its page sends them back at once.</summary>
    public IssuedIdentity? SignedIn { get; set; }

    /// <summary>The answer of the token endpoint, where a test replaces it.</summary>
    public Func<HttpContext, IResult>? TokenAnswer { get; set; }

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new TestIssuer(builder.Build());
        issuer.Map();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>The settings of a host whose provider of this name it is.</summary>
    public IEnumerable<KeyValuePair<string, string?>> SettingsFor(int index, string name) =>
        [
            new($"SignIn:Providers:{index}:Name", name),
            new($"SignIn:Providers:{index}:Authority", Authority),
            new($"SignIn:Providers:{index}:ClientId", ClientId),
            new($"SignIn:Providers:{index}:ClientSecret", ClientSecret),
        ];

    /// <summary>The person signs in at the page: what the browser brings back.</summary>
    public (string State, string Code) SignsIn(string authorizeUrl, IssuedIdentity identity)
    {
        var url = new Uri(authorizeUrl);
        var query = QueryHelpers.ParseQuery(url.Query);
        if (url.GetLeftPart(UriPartial.Path) != $"{Authority}/authorize")
            throw new InvalidOperationException($"This is another page: {authorizeUrl}");
        foreach (
            var (name, value) in new[]
            {
                ("client_id", ClientId),
                ("response_type", "code"),
                ("scope", "openid email"),
                ("code_challenge_method", "S256"),
            }
        )
        {
            if (query[name] != value)
                throw new InvalidOperationException($"{name} is '{query[name]}', not '{value}'.");
        }

        var code = Guid.NewGuid().ToString("n");
        _codes[code] = new(identity, query["nonce"]!, query["code_challenge"]!, query["redirect_uri"]!);
        return (query["state"]!, code);
    }

    /// <summary>From now on it signs with another key, and only that one is in its document.</summary>
    public void RotateKey() => _key = (RSA.Create(2048), Guid.NewGuid().ToString("n"));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Key.Dispose();
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () =>
        {
            var document = new Dictionary<string, object>
            {
                ["issuer"] = Authority,
                ["authorization_endpoint"] = $"{Authority}/authorize",
                ["token_endpoint"] = $"{Authority}/token",
                ["userinfo_endpoint"] = $"{Authority}/userinfo",
                ["jwks_uri"] = $"{Authority}/keys",
            };
            foreach (var (name, value) in Discovery)
                document[name] = value;
            return Results.Json(document);
        });
        _app.MapGet("/authorize", (HttpContext http) =>
        {
            var (state, code) = SignsIn($"{Authority}/authorize{http.Request.QueryString}", SignedIn!);
            return Results.Redirect(
                QueryHelpers.AddQueryString(
                    http.Request.Query["redirect_uri"]!,
                    new Dictionary<string, string?>
                    {
                        ["state"] = state,
                        ["code"] = code,
                        ["iss"] = Authority,
                    }
                )
            );
        });
        _app.MapGet("/keys", () =>
        {
            var key = _key.Key.ExportParameters(includePrivateParameters: false);
            return Results.Json(
                new
                {
                    keys = new[]
                    {
                        new
                        {
                            kty = "RSA",
                            use = "sig",
                            kid = _key.Id,
                            n = Base64Url.EncodeToString(key.Modulus),
                            e = Base64Url.EncodeToString(key.Exponent),
                        },
                    },
                }
            );
        });
        _app.MapPost("/token", (Delegate)TokenAsync); // else it is a RequestDelegate, and its result is dropped
        _app.MapGet("/userinfo", (HttpContext http) => _tokens.TryGetValue(
                AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization!).Parameter!,
                out var who
            )
                ? Results.Json(
                    new
                    {
                        sub = who.Subject,
                        email = who.Email,
                        email_verified = who.EmailVerified,
                    }
                )
                : Results.Unauthorized());
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        if (TokenAnswer is { } answer)
            return answer(http);
        var form = await http.Request.ReadFormAsync();
        var login = Encoding.UTF8.GetString(
            Convert.FromBase64String(AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization!).Parameter!)
        );
        if (login != $"{Encoded(ClientId)}:{Encoded(ClientSecret)}")
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        var verifier = Encoding.ASCII.GetBytes(form["code_verifier"].ToString());
        if (
            !_codes.TryRemove(form["code"].ToString(), out var grant)
            || form["grant_type"] != "authorization_code"
            || form["redirect_uri"] != grant.RedirectUri
            || Base64Url.EncodeToString(SHA256.HashData(verifier)) != grant.Challenge
        )
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);

        var access = Guid.NewGuid().ToString("n");
        _tokens[access] = grant.Identity;
        return Results.Json(
            new
            {
                access_token = access,
                token_type = "Bearer",
                expires_in = 60,
                id_token = IdToken(grant),
            }
        );

        static string Encoded(string text) => System.Net.WebUtility.UrlEncode(text);
    }

    private string IdToken(Grant grant)
    {
        var (who, now) = (grant.Identity, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Authority,
            ["sub"] = who.Subject,
            ["aud"] = ClientId,
            ["nonce"] = grant.Nonce,
            ["iat"] = now,
            ["exp"] = now + 300,
        };
        if (who is { Email: { } email, EmailInUserInfo: false })
            (claims["email"], claims["email_verified"]) = (email, who.EmailVerified);
        foreach (var (name, value) in who.Claims)
            claims[name] = value;
        var header = Part(new { alg = "RS256", kid = _key.Id });
        var signed = $"{header}.{Part(claims.Where(claim => claim.Value is not null).ToDictionary())}";
        var signature = _key.Key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return who.Tamper($"{signed}.{Base64Url.EncodeToString(signature)}");

        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    private sealed record Grant(IssuedIdentity Identity, string Nonce, string Challenge, string RedirectUri);
}
