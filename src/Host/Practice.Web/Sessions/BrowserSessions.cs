using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Practice.Client;

namespace Practice.Web.Sessions;

/// <summary>
/// What stands behind the session cookie. The cookie names a session and holds nothing else; the API's tokens stay here, and the
/// access token is exchanged for a new one before it ends.
/// </summary>
internal sealed class BrowserSessions(ISessionVault vault, TimeProvider clock, IServiceScopeFactory scopes)
    : ITicketStore
{
    /// <summary>Well before the end of a token's life (15 minutes), so that no call of a page outlives it.</summary>
    private static readonly TimeSpan RefreshBefore = TimeSpan.FromMinutes(3);

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await RenewAsync(key, ticket);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        vault.WriteAsync(
            key,
            TicketSerializer.Default.Serialize(ticket),
            ticket.Properties.ExpiresUtc ?? clock.GetUtcNow(),
            CancellationToken.None
        );

    public Task RemoveAsync(string key) => vault.RemoveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var ticket = await ReadAsync(key);
        if (ticket is null || !IsDue(ticket))
            return ticket;

        // A refresh token is good for once, and a second use ends the session: so one at a time, on all hosts, and from what is stored then.
        await using var alone = await vault.LockAsync(key, CancellationToken.None);
        ticket = await ReadAsync(key);
        if (ticket is null || !IsDue(ticket))
            return ticket;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var fresh = await scope
                .ServiceProvider.GetRequiredService<PracticeApi>()
                .RefreshSessionAsync(
                    new RefreshInput { RefreshToken = ticket.Properties.GetTokenValue(Tokens.Refresh) }
                );
            ticket.Properties.StoreTokens(Tokens.Of(fresh.Result, clock.GetUtcNow()));
            await RenewAsync(key, ticket);
            return ticket;
        }
        catch (ApiRefusedException refused) when (refused.Status == HttpStatusCode.Unauthorized)
        {
            await RemoveAsync(key); // signed out elsewhere, or a new password
            return null;
        }
        catch (ApiRefusedException) when (Tokens.AccessEndsAt(ticket.Properties) > clock.GetUtcNow())
        {
            return ticket; // not now; the token at hand still lets in
        }
    }

    private async Task<AuthenticationTicket?> ReadAsync(string key) =>
        await vault.ReadAsync(key, CancellationToken.None) is { } content
            ? TicketSerializer.Default.Deserialize(content)
            : null;

    private bool IsDue(AuthenticationTicket ticket) =>
        Tokens.AccessEndsAt(ticket.Properties) - clock.GetUtcNow() < RefreshBefore;
}

/// <summary>The API's tokens as they lie in a session.</summary>
internal static class Tokens
{
    public const string Access = "access_token";
    public const string Refresh = "refresh_token";
    private const string EndsAt = "expires_at";

    public static IEnumerable<AuthenticationToken> Of(SignedIn signedIn, DateTimeOffset now) =>
        [
            new() { Name = Access, Value = signedIn.AccessToken },
            new() { Name = Refresh, Value = signedIn.RefreshToken },
            new()
            {
                Name = EndsAt,
                Value = now.AddSeconds(signedIn.ExpiresIn).ToString("O", CultureInfo.InvariantCulture),
            },
        ];

    public static DateTimeOffset AccessEndsAt(AuthenticationProperties session) =>
        DateTimeOffset.Parse(session.GetTokenValue(EndsAt)!, CultureInfo.InvariantCulture);

    /// <summary>The access token of the browser that asks; null where nobody is signed in.</summary>
    public static string? AccessOf(HttpContext http) =>
        http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.GetTokenValue(Access);
}
