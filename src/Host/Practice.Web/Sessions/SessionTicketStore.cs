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

    public Task<string> StoreAsync(AuthenticationTicket ticket) => StoreAsync(ticket, CancellationToken.None);

    public async Task<string> StoreAsync(AuthenticationTicket ticket, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await store.WriteAsync(key, TicketSerializer.Default.Serialize(ticket), ExpiresAt(ticket), cancellationToken);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, CancellationToken.None);

    /// <summary>
    /// Only extends the session: since this request read it, another one may have exchanged the tokens or signed out.
    /// </summary>
    public async Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken cancellationToken)
    {
        await using var session = await store.LockAsync(key, cancellationToken);
        if (
            Read(await session.ReadAsync(cancellationToken)) is not { } stored
            || ExpiresAt(stored) >= ExpiresAt(ticket)
        )
            return;
        (stored.Properties.IssuedUtc, stored.Properties.ExpiresUtc) = (
            ticket.Properties.IssuedUtc,
            ticket.Properties.ExpiresUtc
        );
        await session.WriteAsync(TicketSerializer.Default.Serialize(stored), ExpiresAt(stored), cancellationToken);
    }

    /// <summary>
    /// Under the lock, so that a request that exchanges the tokens cannot write the session back. Not cancelled: a
    /// person who closes the browser is still signed out.
    /// </summary>
    public async Task RemoveAsync(string key)
    {
        await using var session = await store.LockAsync(key, CancellationToken.None);
        await session.RemoveAsync(CancellationToken.None);
    }

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken)
    {
        var ticket = Read(await store.ReadAsync(key, cancellationToken));
        if (ticket is null || !IsDue(ticket))
            return ticket;

        // A refresh token works once, and a second use ends the session. So only one request on all hosts refreshes,
        // after it has read the session again. From then on nothing is cancelled: the new tokens would be lost.
        await using var session = await store.LockAsync(key, cancellationToken);
        ticket = Read(await session.ReadAsync(cancellationToken));
        if (ticket is null || !IsDue(ticket))
            return ticket;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var fresh = await scope
                .ServiceProvider.GetRequiredService<PracticeApi>()
                .RefreshSessionAsync(
                    new RefreshInput { RefreshToken = ticket.Properties.GetTokenValue(Tokens.Refresh) },
                    CancellationToken.None
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
        catch (Exception failed)
            when (failed is ApiProblemException or HttpRequestException or TaskCanceledException
                && Tokens.AccessEndsAt(ticket.Properties) > clock.GetUtcNow()
            )
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
        DateTimeOffset.ParseExact(session.GetTokenValue(EndsAt)!, "O", CultureInfo.InvariantCulture);

    /// <summary>The access token of the current request; null where nobody is signed in.</summary>
    public static string? AccessOf(HttpContext http) =>
        http.Items[typeof(Tokens)] as string
        ?? http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.GetTokenValue(Access);

    /// <summary>The token of the session that the current request has just started.</summary>
    public static void Use(HttpContext http, string access) => http.Items[typeof(Tokens)] = access;
}
