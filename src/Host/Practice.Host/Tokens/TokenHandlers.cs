using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Practice.Contracts.Groups;
using Practice.Shared.Http;
using Practice.Shared.Messaging;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Practice.Host.Tokens;

/// <summary>OpenIddict takes a parameter that is sent twice for one that is missing. RFC 6749 forbids it.</summary>
internal sealed class RefuseRepeatedParameters : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        foreach (var (name, value) in context.Request.GetParameters())
        {
            if (value.Count > 1)
                context.Reject(Errors.InvalidRequest, $"The parameter '{name}' was sent more than once.");
        }

        return default;
    }
}

/// <summary>
/// The last check of all, so that nothing can go wrong after it: with a right
/// secret the database has opened the token's session.
/// </summary>
internal sealed class AuthenticateClient(IModuleBus bus) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public const string Issued = "practice-issued-token";

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (!string.IsNullOrEmpty(context.Request.Scope))
        {
            context.Reject(Errors.InvalidScope, "There are no scopes: a client may do what its access level says.");
            return;
        }

        if (
            !Guid.TryParseExact(context.ClientId, "D", out var clientId)
            || context.Request.ClientSecret is not { Length: > 0 } secret
        )
        {
            Refuse(context, ClientTokenOutcome.Wrong);
            return;
        }

        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var address = ClientAddress.Of(http).ToString();
        var command = new IssueClientToken(clientId, secret, address);
        var answer = await bus.InvokeAsSystemAsync(command, context.CancellationToken);
        context.Transaction.SetProperty(Issued, answer.Value);
        if (answer.Value.Token is null)
            Refuse(context, answer.Value.Outcome);
    }

    private static void Refuse(ValidateTokenRequestContext context, ClientTokenOutcome outcome) =>
        context.Reject(
            outcome == ClientTokenOutcome.Wait ? Errors.TemporarilyUnavailable : Errors.InvalidClient,
            outcome switch
            {
                ClientTokenOutcome.Revoked => "This client was revoked.",
                ClientTokenOutcome.Expired => "This client has expired.",
                ClientTokenOutcome.Wait => "There were too many failed attempts. Wait a while.",
                _ => "The client or its secret is wrong.",
            }
        );
}

internal sealed class SignInClient : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var issued = context.Transaction.GetProperty<ClientTokenAnswer>(AuthenticateClient.Issued)!;
        var identity = new ClaimsIdentity("client");
        identity.AddClaim(new Claim(Claims.Subject, context.ClientId!));
        context.SignIn(new ClaimsPrincipal(identity).SetAccessTokenLifetime(TimeSpan.FromSeconds(issued.Seconds)));
        return default;
    }
}

/// <summary>In place of a token of OpenIddict's own.</summary>
internal sealed class HandOutToken : IOpenIddictServerHandler<GenerateTokenContext>
{
    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        context.Token = context.Transaction.GetProperty<ClientTokenAnswer>(AuthenticateClient.Issued)!.Token;
        return default;
    }
}

/// <summary>It leads to the library's documentation.</summary>
internal sealed class RemoveErrorUri : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        context.Response.ErrorUri = null;
        return default;
    }
}

/// <summary>OAuth 2.0 has no answer for too many attempts; HTTP has.</summary>
internal sealed class AnswerTooMany : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.Error != Errors.TemporarilyUnavailable)
            return default;
        var issued = context.Transaction.GetProperty<ClientTokenAnswer>(AuthenticateClient.Issued)!;
        var response = context.Transaction.GetHttpRequest()!.HttpContext.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers[HeaderNames.RetryAfter] = issued.Seconds.ToString(CultureInfo.InvariantCulture);
        return default;
    }
}

/// <summary>The token's address follows from the setting, and not from the header that a caller sends.</summary>
internal sealed class DescribeServer(IOptions<PublicUrlOptions> publicUrl)
    : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.TokenEndpoint = new Uri(publicUrl.Value.UrlOf(TokenServer.TokenPath));
        return default;
    }
}

/// <summary>The issuer is the setting to the letter, and nothing is said that is about people who sign in.</summary>
internal sealed class NameIssuer(IOptions<PublicUrlOptions> publicUrl)
    : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
{
    private static readonly string[] Told =
    [
        Metadata.Issuer,
        Metadata.TokenEndpoint,
        Metadata.GrantTypesSupported,
        Metadata.TokenEndpointAuthMethodsSupported,
    ];

    public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        foreach (var name in context.Response.GetParameters().Keys.Except(Told).ToList())
            context.Response.RemoveParameter(name);
        context.Response.SetParameter(Metadata.Issuer, publicUrl.Value.PublicUrl);
        return default;
    }
}
