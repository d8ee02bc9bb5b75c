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
/// Stores sessions on the server. The cookie holds only the session's key; the API tokens stay here, and the access
/// token is refreshed before it expires.
/// </summary>
internal sealed class SessionTicketStore(ISessionStore store, TimeProvider clock, IServiceScopeFactory scopes)
    : ITicketStore
{
    /// <summary>Well before the token expires (15 minutes), so that all calls of a page can finish.</summary>
    private static readonly TimeSpan RefreshBefore = TimeSpan.FromMinutes(3);

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await RenewAsync(key, ticket);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        store.WriteAsync(key, TicketSerializer.Default.Serialize(ticket), ExpiresAt(ticket), CancellationToken.None);

    public Task RemoveAsync(string key) => store.RemoveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var ticket = Read(await store.ReadAsync(key, CancellationToken.None));
        if (ticket is null || !IsDue(ticket))
            return ticket;

        // A refresh token works once, and a second use ends the session. So only one request on all hosts refreshes,
        // after it has read the session again.
        await using var session = await store.LockAsync(key, CancellationToken.None);
        ticket = Read(await session.ReadAsync(CancellationToken.None));
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
            await session.WriteAsync(
                TicketSerializer.Default.Serialize(ticket),
                ExpiresAt(ticket),
                CancellationToken.None
            );
            return ticket;
        }
        catch (ApiProblemException problem) when (problem.Status == HttpStatusCode.Unauthorized)
        {
            await session.RemoveAsync(CancellationToken.None); // signed out elsewhere, or the password changed
            return null;
        }
        catch (ApiProblemException) when (Tokens.AccessEndsAt(ticket.Properties) > clock.GetUtcNow())
        {
            return ticket; // the API is busy or away, and the current token still works
        }
    }

    private static AuthenticationTicket? Read(byte[]? content) =>
        content is null ? null : TicketSerializer.Default.Deserialize(content);

    private DateTimeOffset ExpiresAt(AuthenticationTicket ticket) => ticket.Properties.ExpiresUtc ?? clock.GetUtcNow();

    private bool IsDue(AuthenticationTicket ticket) =>
        Tokens.AccessEndsAt(ticket.Properties) - clock.GetUtcNow() < RefreshBefore;
}

/// <summary>The API tokens in a session.</summary>
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

    /// <summary>The access token of the current request; null where nobody is signed in.</summary>
    public static string? AccessOf(HttpContext http) =>
        http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.GetTokenValue(Access);
}
