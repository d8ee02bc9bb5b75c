using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using Practice.Shared.Errors;
using Practice.Shared.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Practice.Host.Tokens;

/// <summary>
/// The OAuth 2.0 server for API clients: OpenIddict speaks the protocol, the database checks the secret and keeps the
/// token, as it keeps those of people (docs/adr/0039).
/// </summary>
internal static class TokenServer
{
    public const string TokenPath = "/connect/token";
    public const string MetadataPath = "/.well-known/oauth-authorization-server";

    /// <summary>Between the handlers that set the status of an answer and that write it.</summary>
    private static readonly int AfterStatus =
        OpenIddictServerAspNetCoreHandlers.AttachHttpResponseCode<ApplyTokenResponseContext>.Descriptor.Order + 500;

    public static void AddTokenServer(this IServiceCollection services)
    {
        services
            .AddOpenIddict()
            .AddServer(server =>
            {
                server.AllowClientCredentialsFlow();
                // Neither OpenIddict's tables nor its tokens: a client and its tokens are rows that authorize() reads.
                server.EnableDegradedMode();
                server.UseAspNetCore().DisableTransportSecurityRequirement(); // TLS may end at a proxy

                server.AddEventHandler<ValidateTokenRequestContext>(handler =>
                    handler.UseSingletonHandler<RefuseRepeatedParameters>().SetOrder(int.MinValue)
                );
                server.AddEventHandler<ValidateTokenRequestContext>(handler =>
                    handler.UseScopedHandler<AuthenticateClient>().SetOrder(int.MaxValue)
                );
                server.AddEventHandler<HandleTokenRequestContext>(handler =>
                    handler.UseSingletonHandler<SignInClient>()
                );
                server.AddEventHandler<GenerateTokenContext>(handler =>
                    handler.UseSingletonHandler<HandOutToken>().SetOrder(int.MinValue)
                );
                server.AddEventHandler<ApplyTokenResponseContext>(handler =>
                    handler.UseSingletonHandler<RemoveErrorUri>().SetOrder(int.MinValue)
                );
                server.AddEventHandler<ApplyTokenResponseContext>(handler =>
                    handler.UseSingletonHandler<AnswerTooMany>().SetOrder(AfterStatus)
                );
                server.AddEventHandler<HandleConfigurationRequestContext>(handler =>
                    handler.UseSingletonHandler<DescribeServer>().SetOrder(int.MaxValue)
                );
                server.AddEventHandler<ApplyConfigurationResponseContext>(handler =>
                    handler.UseSingletonHandler<NameIssuer>().SetOrder(int.MinValue)
                );
            });
        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<PublicUrlOptions>>(Configure);
    }

    public static void MapTokenServer(this WebApplication app)
    {
        app.MapPost(TokenPath, (Delegate)IssueToken)
            .AllowAnonymous()
            .WithName("IssueClientToken")
            .WithSummary("An access token for an API client")
            .WithTags("API clients")
            .Accepts<TokenRequest>("application/x-www-form-urlencoded")
            .Produces<TokenAnswer>()
            .Produces<TokenError>(StatusCodes.Status400BadRequest)
            .Produces<TokenError>(StatusCodes.Status401Unauthorized)
            .Produces<TokenError>(StatusCodes.Status429TooManyRequests);
        app.MapGet(MetadataPath, (Delegate)ReadTokenServer)
            .AllowAnonymous()
            .WithName("ReadTokenServer")
            .WithSummary("What the token server can do (RFC 8414)")
            .WithTags("API clients")
            .Produces<TokenServerMetadata>();
        // Of an issuer whose address has a path, the path goes after the well-known part.
        app.MapGet(MetadataPath + "/{**issuer}", (Delegate)AnswerAsync).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>
    /// Gives an API client an access token for its secret (OAuth 2.0, grant type <c>client_credentials</c>). The client
    /// authenticates by HTTP Basic, or with <c>client_id</c> and <c>client_secret</c> in the body.
    /// </summary>
    private static Task<IResult> IssueToken(HttpContext http) => AnswerAsync(http);

    /// <summary>
    /// Where and how API clients get tokens (OAuth 2.0 Authorization Server Metadata, RFC 8414).
    /// </summary>
    private static Task<IResult> ReadTokenServer(HttpContext http) => AnswerAsync(http);

    /// <summary>Hands the call over to OpenIddict, which reads it and writes the answer.</summary>
    private static async Task<IResult> AnswerAsync(HttpContext http)
    {
        if (await IsBrokenFormAsync(http.Request))
            return Results.Json(
                new TokenError(Errors.InvalidRequest, "The form cannot be read."),
                statusCode: StatusCodes.Status400BadRequest
            );
        var handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var server = (IAuthenticationRequestHandler)
            (await handlers.GetHandlerAsync(http, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme))!;
        return await server.HandleRequestAsync() ? Results.Empty : CommonErrors.NotFound.ToProblem();
    }

    /// <summary>OpenIddict would fail on it.</summary>
    private static async Task<bool> IsBrokenFormAsync(HttpRequest request)
    {
        try
        {
            if (request.HasFormContentType)
                await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private static void Configure(OpenIddictServerOptions options, IOptions<PublicUrlOptions> publicUrl)
    {
        var issuer = new Uri(publicUrl.Value.PublicUrl);
        options.Issuer = issuer;
        options.TokenEndpointUris.Clear();
        options.TokenEndpointUris.Add(Relative(TokenPath));
        options.ConfigurationEndpointUris.Clear();
        options.ConfigurationEndpointUris.Add(Relative(MetadataPath));
        if (issuer.AbsolutePath.Trim('/') is { Length: > 0 } path)
            options.ConfigurationEndpointUris.Add(Relative($"{MetadataPath}/{path}"));

        options.ClientAuthenticationMethods.Clear();
        options.ClientAuthenticationMethods.Add(ClientAuthenticationMethods.ClientSecretBasic);
        options.ClientAuthenticationMethods.Add(ClientAuthenticationMethods.ClientSecretPost);
        options.Scopes.Clear();

        // OpenIddict wants keys. They sign and encrypt nothing: our tokens are random texts.
        options.SigningCredentials.Add(
            new SigningCredentials(
                new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
                SecurityAlgorithms.EcdsaSha256
            )
        );
        options.EncryptionCredentials.Add(
            new EncryptingCredentials(
                new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)),
                SecurityAlgorithms.Aes256KW,
                SecurityAlgorithms.Aes256CbcHmacSha512
            )
        );
    }

    private static Uri Relative(string path) => new(path.TrimStart('/'), UriKind.Relative);
}
