using Microsoft.IdentityModel.JsonWebTokens;

namespace Practice.Users.Providers;

/// <summary>A claim that the operator requires of an id token, with one of these values.</summary>
internal sealed class RequiredClaim(string name, string values)
{
    private readonly string[] _values = ProviderOptions.Values(values);

    public string Name { get; } = name;

    /// <summary>A claim with several values, such as groups, needs one of them.</summary>
    public bool IsIn(JsonWebToken token) =>
        token.Claims.Any(claim => claim.Type == Name && _values.Contains(claim.Value));
}
