using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Practice.Users.Domain;

namespace Practice.Users.Providers;

/// <summary>
/// One OpenID Connect provider: the authorization code flow with PKCE. Microsoft's libraries read its discovery
/// document and check its tokens. What goes wrong there is in the log; the person gets one of a few answers.
/// </summary>
internal sealed partial class IdentityProvider
{
    /// <summary>For one call to the provider, from connecting to the last byte.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>A discovery document with its keys is some 10 KB.</summary>
    public const int MaxAnswerBytes = 512 * 1024;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>Signatures that only the provider can make.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly string _authority;
    private readonly string _clientId;
    private readonly string _clientSecret;
    private readonly IReadOnlyList<RequiredClaim> _requiredClaims;
    private readonly string _callback;
    private readonly HttpClient _http;
    private readonly HttpDocumentRetriever _documents;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _configuration;
    private readonly ILogger _log;

    public IdentityProvider(ProviderOptions options, string callback, HttpClient http, ILogger log)
    {
        (Name, _authority) = (options.Name!, options.Issuer);
        (_clientId, _clientSecret) = (options.ClientId!, options.ClientSecret!);
        _requiredClaims = [.. options.RequiredClaims.Select(claim => new RequiredClaim(claim.Key, claim.Value))];
        (_callback, _http, _log) = (callback, http, log);
        _documents = new HttpDocumentRetriever(http) { RequireHttps = IsTls(_authority) };
        _configuration = new(DiscoveryAddress, new OpenIdConnectConfigurationRetriever(), _documents);
    }

    public string Name { get; }

    private string DiscoveryAddress => $"{_authority}/.well-known/openid-configuration";

    /// <summary>The provider's page for this sign-in.</summary>
    public async Task<ErrorOr<string>> AuthorizeUrlAsync(AttemptSecrets secrets, CancellationToken ct)
    {
        if (await DiscoverAsync(ct) is var found && found.IsError)
            return found.Errors;
        return QueryHelpers.AddQueryString(
            found.Value.AuthorizationEndpoint,
            new Dictionary<string, string?>
            {
                ["client_id"] = _clientId,
                ["response_type"] = "code",
                ["scope"] = "openid email",
                ["redirect_uri"] = _callback,
                ["state"] = secrets.State,
                ["nonce"] = secrets.Nonce,
                ["code_challenge"] = secrets.CodeChallenge,
                ["code_challenge_method"] = "S256",
            }
        );
    }

    /// <summary>Exchanges the code for who the person is.</summary>
    /// <param name="issuer">The issuer that the answer names (RFC 9207), if it names one.</param>
    public async Task<ErrorOr<ProviderIdentity>> RedeemAsync(
        string code,
        string? issuer,
        AttemptSecrets secrets,
        CancellationToken ct
    )
    {
        if (await DiscoverAsync(ct) is var found && found.IsError)
            return found.Errors;
        var configuration = found.Value;
        if (issuer is not null && issuer != configuration.Issuer)
            return Invalid("the answer names another issuer");

        using var request = TokenRequest(configuration, code, secrets);
        if (await AskAsync(request, ct) is var answer && answer.IsError)
            return answer.Errors;
        var (status, root) = answer.Value;
        if (status != HttpStatusCode.OK)
            // The code is wrong, too old or used. Any other error is the operator's to mend.
            return Text(root, "error") == "invalid_grant"
                ? Invalid("the provider does not know the code")
                : Unusable($"its token endpoint answered {(int)status} {Text(root, "error")}");
        if (Text(root, "id_token") is not { } token)
            return Unusable("its token endpoint sent no id_token");
        return await ValidateAsync(token, Text(root, "access_token"), secrets.Nonce, configuration, ct);
    }

    /// <summary>The same identity with the email, where the id token left it out: then the provider is asked.</summary>
    public async Task<ErrorOr<ProviderIdentity>> WithEmailAsync(ProviderIdentity identity, CancellationToken ct)
    {
        if (identity.Email is not null || identity.AccessToken is null)
            return identity;
        if (await DiscoverAsync(ct) is var found && found.IsError)
            return found.Errors;
        if (found.Value.UserInfoEndpoint is not { } endpoint || !IsAsSafe(endpoint))
            return identity;

        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.AccessToken);
        if (await AskAsync(request, ct) is var answer && answer.IsError)
            return answer.Errors;
        var (status, root) = answer.Value;
        if (status != HttpStatusCode.OK || Text(root, "sub") != identity.Subject)
            return Unusable($"its userinfo endpoint answered {(int)status}, or about another person");
        return identity with { Email = Text(root, "email"), EmailVerified = IsTrue(root, "email_verified") };
    }

    private async Task<ErrorOr<ProviderIdentity>> ValidateAsync(
        string token,
        string? accessToken,
        string nonce,
        OpenIdConnectConfiguration configuration,
        CancellationToken ct
    )
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        var result = await handler.ValidateTokenAsync(token, Rules(configuration));
        if (result is { IsValid: false, Exception: SecurityTokenSignatureKeyNotFoundException })
        {
            // The provider may have new keys since they were read.
            if (await ReadAsync(ct) is var current && current.IsError)
                return current.Errors;
            _configuration.RequestRefresh();
            result = await handler.ValidateTokenAsync(token, Rules(current.Value));
        }

        if (!result.IsValid)
            return Invalid($"its id token is not valid: {result.Exception.GetType().Name}");
        var read = (JsonWebToken)result.SecurityToken;
        if (read.Audiences.Skip(1).Any() && Claim(read, "azp") != _clientId)
            return Invalid("its id token is for several clients, and was not issued to this one");
        if (Claim(read, "nonce") != nonce)
            return Invalid("its id token is for another sign-in");
        if (read.Subject is not { Length: > 0 and <= ProviderLink.MaxSubjectLength } subject)
            return Unusable("its id token names no subject");
        if (_requiredClaims.FirstOrDefault(required => !required.IsIn(read)) is { } missing)
        {
            LogRefused(Name, $"its id token has no {missing.Name} that RequiredClaims in the settings allows");
            return ProviderErrors.NotAllowed;
        }

        return new ProviderIdentity(
            configuration.Issuer,
            subject,
            Claim(read, "email"),
            string.Equals(Claim(read, "email_verified"), "true", StringComparison.OrdinalIgnoreCase),
            accessToken
        );
    }

    private TokenValidationParameters Rules(OpenIdConnectConfiguration configuration) =>
        new()
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = _clientId,
            IssuerSigningKeys = configuration.SigningKeys,
            ValidAlgorithms = Algorithms,
            ClockSkew = ClockSkew,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
        };

    private static string? Claim(JsonWebToken token, string name) =>
        token.TryGetPayloadValue<object>(name, out var value) ? value?.ToString() : null;

    private HttpRequestMessage TokenRequest(
        OpenIdConnectConfiguration configuration,
        string code,
        AttemptSecrets secrets
    )
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = _callback,
            ["code_verifier"] = secrets.CodeVerifier,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenEndpoint);
        // By the document that the provider publishes; without a word in it, Basic
        // (OpenID Connect Discovery, section 3).
        var methods = configuration.TokenEndpointAuthMethodsSupported;
        if (methods.Contains("client_secret_post") && !methods.Contains("client_secret_basic"))
            (form["client_id"], form["client_secret"]) = (_clientId, _clientSecret);
        else
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(
                    Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(_clientId)}:{WebUtility.UrlEncode(_clientSecret)}")
                )
            );
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private async Task<ErrorOr<OpenIdConnectConfiguration>> DiscoverAsync(CancellationToken ct)
    {
        // While the provider is away, callers wait for each other's attempts: none longer than for its own.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeLimit);
        try
        {
            return Checked(await _configuration.GetConfigurationAsync(limit.Token));
        }
        catch (Exception failed) when (IsProvidersFault(failed, ct))
        {
            return Unreachable(failed);
        }
    }

    /// <summary>The discovery document and the keys as they are now.</summary>
    private async Task<ErrorOr<OpenIdConnectConfiguration>> ReadAsync(CancellationToken ct)
    {
        try
        {
            return Checked(await OpenIdConnectConfigurationRetriever.GetAsync(DiscoveryAddress, _documents, ct));
        }
        catch (Exception failed) when (IsProvidersFault(failed, ct))
        {
            return Unreachable(failed);
        }
    }

    /// <summary>
    /// Another issuer would speak for people of whom the operator knows nothing: the document must name the authority.
    /// </summary>
    private ErrorOr<OpenIdConnectConfiguration> Checked(OpenIdConnectConfiguration found) =>
        found.Issuer?.TrimEnd('/') != _authority ? Unusable($"its issuer is {found.Issuer}, not {_authority}")
        : !IsAsSafe(found.AuthorizationEndpoint) || !IsAsSafe(found.TokenEndpoint)
            ? Unusable("its endpoints have no https address")
        : found;

    /// <summary>An answer of the provider, as a JSON object.</summary>
    private async Task<ErrorOr<(HttpStatusCode Status, JsonElement Root)>> AskAsync(
        HttpRequestMessage request,
        CancellationToken ct
    )
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            var json = await answer.Content.ReadAsStringAsync(ct);
            if ((int)answer.StatusCode >= 500)
                return Unreachable(new HttpRequestException($"it answered {(int)answer.StatusCode}"));
            var root = JsonSerializer.Deserialize<JsonElement>(json);
            return root.ValueKind == JsonValueKind.Object
                ? (answer.StatusCode, root)
                : Unusable($"it answered {(int)answer.StatusCode} with no JSON object");
        }
        catch (JsonException)
        {
            return Unusable("it answered with what is no JSON");
        }
        catch (Exception failed) when (IsProvidersFault(failed, ct))
        {
            return Unreachable(failed);
        }
    }

    private static bool IsProvidersFault(Exception failed, CancellationToken ct) =>
        !ct.IsCancellationRequested
        && failed
            is HttpRequestException
                or OperationCanceledException
                or IOException
                or InvalidOperationException
                or ArgumentException
                or JsonException;

    private bool IsAsSafe(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out _) && (IsTls(endpoint) || !IsTls(_authority));

    private static bool IsTls(string address) => address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Some providers write it as text.</summary>
    private static bool IsTrue(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
        && (
            value.ValueKind == JsonValueKind.True
            || (value.ValueKind == JsonValueKind.String && value.GetString() is "true")
        );

    private Error Invalid(string why)
    {
        LogRefused(Name, why);
        return ProviderErrors.Invalid;
    }

    private Error Unusable(string why)
    {
        LogUnusable(Name, why);
        return ProviderErrors.AnswerInvalid;
    }

    private Error Unreachable(Exception failed)
    {
        LogUnreachable(Name, (failed.InnerException ?? failed).Message);
        return ProviderErrors.Unavailable;
    }

    [LoggerMessage(LogLevel.Information, "A sign-in with {Provider} was refused: {Why}.")]
    private partial void LogRefused(string provider, string why);

    [LoggerMessage(
        LogLevel.Warning,
        "Nobody can sign in with {Provider}: {Why}. Check its Authority, ClientId and ClientSecret in the settings."
    )]
    private partial void LogUnusable(string provider, string why);

    [LoggerMessage(LogLevel.Warning, "The identity provider {Provider} could not be reached: {Why}")]
    private partial void LogUnreachable(string provider, string why);
}
