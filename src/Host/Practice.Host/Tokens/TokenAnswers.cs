using System.Text.Json.Serialization;

namespace Practice.Host.Tokens;

/// <summary>As OAuth 2.0 has it (RFC 6749, section 5.1).</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn
);

/// <summary>As OAuth 2.0 has it (RFC 6749, section 5.2).</summary>
internal sealed record TokenError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string? ErrorDescription
);

/// <summary>What a client sends for a token (RFC 6749, section 4.4.2).</summary>
/// <param name="GrantType"><c>client_credentials</c>.</param>
/// <param name="ClientId">Absent with HTTP Basic.</param>
/// <param name="ClientSecret">Absent with HTTP Basic.</param>
internal sealed record TokenRequest(
    [property: JsonPropertyName("grant_type")] string GrantType,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret
);

/// <summary>Where and how to get a token (RFC 8414).</summary>
/// <param name="Issuer">The address of the product, as the operator has set it.</param>
internal sealed record TokenServerMetadata(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("grant_types_supported")] IReadOnlyList<string> GrantTypesSupported,
    [property: JsonPropertyName("token_endpoint_auth_methods_supported")]
        IReadOnlyList<string> TokenEndpointAuthMethodsSupported
);
