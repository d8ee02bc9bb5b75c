using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

/// <summary>What a client gets to act with.</summary>
public sealed record SignedIn(string AccessToken, string RefreshToken, int ExpiresIn, bool MustChangePassword);

/// <summary>Opens and ends sessions here and in the schema <c>authority</c>, which lets callers in, in one transaction.</summary>
internal static class Sessions
{
    /// <summary>A new pair of tokens for a session; the account is locked.</summary>
    public static async Task<SignedIn> IssueTokensAsync(
        this UsersDbContext db,
        Session session,
        Account account,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (access, refresh) = (Secrets.NewToken(), Secrets.NewToken());
        db.RefreshTokens.Add(RefreshToken.Of(session, AuthorizationRequest.Hash(refresh)));
        await db.Database.ExecuteSqlAsync(
            $"select authority.open_session({AuthorizationRequest.Hash(access)}, {session.Id}, {account.Id}, {now + Session.AccessTokenLife}, {account.MustChangePassword}, {session.SecondFactorShown})",
            ct
        );
        return new SignedIn(access, refresh, (int)Session.AccessTokenLife.TotalSeconds, account.MustChangePassword);
    }

    /// <summary>A code was given in this session just now.</summary>
    public static async Task SecondFactorShownAsync(this UsersDbContext db, Guid sessionId, CancellationToken ct)
    {
        await db
            .Sessions.Where(session => session.Id == sessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.SecondFactorShown, true), ct);
        await db.Database.ExecuteSqlAsync($"select authority.second_factor_shown({sessionId})", ct);
    }

    /// <summary>The account has no second factor any more, so that no session can count as having shown it.</summary>
    public static async Task SecondFactorRemovedAsync(this UsersDbContext db, Guid accountId, CancellationToken ct)
    {
        await db
            .Sessions.Where(session => session.AccountId == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.SecondFactorShown, false), ct);
        await db.Database.ExecuteSqlAsync($"select authority.second_factor_removed({accountId})", ct);
    }

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

    /// <summary>Ends every session of the account, save one where given.</summary>
    public static async Task EndSessionsAsync(
        this UsersDbContext db,
        Guid accountId,
        DateTimeOffset now,
        CancellationToken ct,
        Guid? except = null
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
