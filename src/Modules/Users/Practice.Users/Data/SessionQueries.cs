using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

/// <summary>What a client gets to act with.</summary>
public sealed record SignedIn(string AccessToken, string RefreshToken, int ExpiresIn, bool MustChangePassword);

/// <summary>
/// Opens and ends sessions here and in the schema <c>authority</c>, which authorizes callers, in one transaction.
/// </summary>
internal static class SessionQueries
{
    /// <summary>A new pair of tokens for a session. The caller has locked the account.</summary>
    public static async Task<SignedIn> IssueTokensAsync(
        this UsersDbContext db,
        Session session,
        Account account,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (access, refresh) = (RandomToken.New(), RandomToken.New());
        db.RefreshTokens.Add(RefreshToken.Of(session, AuthorizationRequest.Hash(refresh)));

        var accessHash = AuthorizationRequest.Hash(access);
        var expiresAt = now + Session.AccessTokenLifetime;
        if (expiresAt > session.ExpiresAt)
            expiresAt = session.ExpiresAt;
        await db.Database.ExecuteSqlAsync(
            $"""
            select authority.open_session(
                {accessHash}, {session.Id}, {account.Id}, {expiresAt},
                {account.MustChangePassword}, {session.SecondFactorShown})
            """,
            ct
        );
        // A refresh gives the session another token, which must be told, too.
        if (session.Issuer is { } issuer)
            await db.Database.ExecuteSqlAsync($"select authority.session_began_with({session.Id}, {issuer})", ct);
        var expiresIn = (int)(expiresAt - now).TotalSeconds;
        return new SignedIn(access, refresh, expiresIn, account.MustChangePassword);
    }

    /// <summary>The person has just shown a second factor in this session.</summary>
    public static async Task SecondFactorShownAsync(this UsersDbContext db, Guid sessionId, CancellationToken ct)
    {
        await db
            .Sessions.Where(session => session.Id == sessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.SecondFactorShown, true), ct);
        await db.Database.ExecuteSqlAsync($"select authority.second_factor_shown({sessionId})", ct);
    }

    /// <summary>The account has no second factor any more: no session counts as having shown it.</summary>
    public static async Task SecondFactorRemovedAsync(this UsersDbContext db, Guid accountId, CancellationToken ct)
    {
        await db
            .Sessions.Where(session => session.AccountId == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.SecondFactorShown, false), ct);
        await db.Database.ExecuteSqlAsync($"select authority.second_factor_removed({accountId})", ct);
    }

    /// <summary>
    /// The person has just proved who they are in this session: dangerous acts are open for 5 minutes, and no practice
    /// counts it as idle. The caller has locked the account.
    /// </summary>
    public static Task SessionVerifiedAsync(this UsersDbContext db, Guid sessionId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update users.sessions set verified_at = now() where id = {sessionId};
            select authority.session_verified({sessionId}, null)
            """,
            ct
        );

    /// <summary>
    /// A refresh is no proof of who the person is. Told besides, since the session's other tokens may be gone.
    /// </summary>
    public static Task KeepVerificationAsync(this UsersDbContext db, Session session, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select authority.session_verified({session.Id}, {session.VerifiedAt})", ct);

    /// <summary>For a session that has just been opened without a proof of who the person is.</summary>
    public static Task BeginUnprovenAsync(this UsersDbContext db, Session session, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select authority.session_unproven({session.Id}, {session.VerifiedAt})", ct);

    /// <summary>The session no longer counts as begun with its issuer, if this connection signed in.</summary>
    public static async Task ForgetIssuerAsync(
        this UsersDbContext db,
        Guid sessionId,
        ProviderLink link,
        CancellationToken ct
    )
    {
        var issuer = link.Issuer.TrimEnd('/');
        // A host of the release before does not note the connection.
        var begun = db.Sessions.Where(session =>
            session.Id == sessionId
            && (session.ProviderLinkId == link.Id || (session.ProviderLinkId == null && session.Issuer == issuer))
        );
        if (await begun.ExecuteUpdateAsync(set => set.SetProperty(session => session.Issuer, (string?)null), ct) > 0)
            await db.Database.ExecuteSqlAsync($"select authority.session_began_with({sessionId}, null)", ct);
    }

    /// <summary>
    /// Ends the person's calendar feeds, in every practice: who was in the account may know their addresses. After the
    /// sessions, of which one may be making a feed.
    /// </summary>
    public static Task EndCalendarFeedsAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select authority.end_calendar_feeds_of({accountId})", ct);

    public static async Task EndSessionAsync(
        this UsersDbContext db,
        Guid sessionId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await db
            .Sessions.Where(session => session.Id == sessionId && session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), ct);
        await db.Database.ExecuteSqlAsync($"select authority.end_session({sessionId})", ct);
    }

    /// <summary>Ends the sessions of the account that have shown no second factor.</summary>
    public static async Task EndSessionsWithoutSecondFactorAsync(
        this UsersDbContext db,
        Guid accountId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            select authority.end_session(id) from users.sessions
            where account_id = {accountId} and ended_at is null and not second_factor_shown
            """,
            ct
        );
        await db
            .Sessions.Where(session =>
                session.AccountId == accountId && session.EndedAt == null && !session.SecondFactorShown
            )
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), ct);
    }

    /// <summary>Ends all sessions of the account, except the one given.</summary>
    public static async Task EndSessionsAsync(
        this UsersDbContext db,
        Guid accountId,
        DateTimeOffset now,
        Guid? except,
        CancellationToken ct
    )
    {
        await db
            .Sessions.Where(session =>
                session.AccountId == accountId && session.EndedAt == null && session.Id != except
            )
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), ct);
        await db.Database.ExecuteSqlAsync($"select authority.end_sessions_of({accountId}, {except})", ct);
    }
}
