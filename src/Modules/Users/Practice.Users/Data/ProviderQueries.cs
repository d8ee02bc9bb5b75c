using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Data;

/// <summary>What the steps of a sign-in with an identity provider have in common.</summary>
internal static class ProviderQueries
{
    public static Task<ProviderLink?> FindProviderLinkAsync(
        this UsersDbContext db,
        string issuer,
        string subject,
        CancellationToken ct
    ) => db.ProviderLinks.SingleOrDefaultAsync(link => link.Issuer == issuer && link.Subject == subject, ct);

    /// <summary>Which of these accounts are connected with the provider that has this issuer.</summary>
    /// <param name="issuer">Without a slash at its end.</param>
    public static Task<List<Guid>> FindConnectedAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        string issuer,
        CancellationToken ct
    ) =>
        db
            .ProviderLinks.Where(link => accountIds.Contains(link.AccountId) && link.Issuer.TrimEnd('/') == issuer)
            .Select(link => link.AccountId)
            .Distinct()
            .ToListAsync(ct);

    /// <summary>The account of a sign-in that waits for a step; null where there is none. Nothing is locked.</summary>
    public static Task<StepOwner?> FindStepOwnerAsync(
        this UsersDbContext db,
        string tokenHash,
        ProviderStep step,
        CancellationToken ct
    ) =>
        (
            from signIn in db.ProviderSignIns
            join account in db.Accounts on signIn.AccountId equals account.Id
            where signIn.TokenHash == tokenHash && signIn.Step == step
            select new StepOwner(account.NormalizedEmail!, account.PasswordHash)
        ).SingleOrDefaultAsync(ct);

    /// <summary>
    /// The sign-in and its account, locked; an error if it is at another step, over, or no longer fits the account.
    /// </summary>
    public static async Task<ErrorOr<(ProviderSignIn SignIn, Account Account)>> LockStepAsync(
        this UsersDbContext db,
        string tokenHash,
        string provider,
        ProviderStep step,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var owner = await db
            .ProviderSignIns.Where(signIn => signIn.TokenHash == tokenHash)
            .Select(signIn => (Guid?)signIn.AccountId)
            .SingleOrDefaultAsync(ct);
        if (owner is not { } id || await db.LockAccountAsync(id, ct) is not { } account)
            return ProviderErrors.StepOver;
        // Read under the lock: another request may have just finished it.
        var signIn = await db.ProviderSignIns.SingleOrDefaultAsync(signIn => signIn.TokenHash == tokenHash, ct);
        return signIn?.IsAt(step, provider, account, now) == true ? (signIn, account) : ProviderErrors.StepOver;
    }

    /// <summary>
    /// The person has shown that the account is theirs: they are signed in, or asked for a code where the account uses
    /// two-factor authentication. The caller has locked the account.
    /// </summary>
    public static async Task<ErrorOr<ProviderSignInView>> ProveAsync(
        this UsersDbContext db,
        ProviderSignIn signIn,
        Account account,
        StepProof proof,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (!account.TwoFactorEnabled)
            return (await db.FinishAsync(signIn, account, proof, work, messages, now, ct)).Then(ProviderSignInView.Of);
        var token = RandomToken.New();
        signIn.AskForCode(AuthorizationRequest.Hash(token), proof.PasswordShown);
        await db.UseLinksAsync(signIn.Id, now, purpose: null, ct);
        return new ProviderSignInView(null, new ProviderStepView(ProviderStep.Code, token));
    }

    /// <summary>
    /// Ends the sign-in: connects the account where that was its aim, and opens the session. The caller has locked the
    /// account, and the person has shown everything that it takes.
    /// </summary>
    public static async Task<ErrorOr<SignedIn>> FinishAsync(
        this UsersDbContext db,
        ProviderSignIn signIn,
        Account account,
        StepProof proof,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (account.PasswordHasExpired(now))
            return ProviderErrors.Invalid;
        await db.LockProviderSubjectAsync(signIn.Issuer, signIn.Subject, ct);
        var link = await db.FindProviderLinkAsync(signIn.Issuer, signIn.Subject, ct);
        if (link is not null && link.AccountId != account.Id)
            return ProviderErrors.LinkedMeanwhile;
        if (link is null)
        {
            if (!signIn.Connects) // it was disconnected meanwhile
                return ProviderErrors.StepOver;
            var connects = ProviderLink.Of(account.Id, signIn.Provider, signIn.Issuer, signIn.Subject, now);
            if (await db.ConnectAsync(connects, account, work, messages, ct) is { } refused)
                return refused;
            link = connects;
        }

        db.ProviderSignIns.Remove(signIn);
        await db.UseLinksAsync(signIn.Id, now, purpose: null, ct);
        return await db.SignInWithAsync(link, account, proof, work, messages, now, ct);
    }

    /// <summary>
    /// Connects an account, and tells its owner. The caller has locked the account and the subject, which is nobody's.
    /// The person who made an account whose email nobody has confirmed may know its password, and must not keep a way
    /// in.
    /// </summary>
    /// <returns>Why not; null if it is connected.</returns>
    public static async Task<Error?> ConnectAsync(
        this UsersDbContext db,
        ProviderLink link,
        Account account,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (!account.EmailConfirmed)
            return ProviderErrors.Unconfirmed;
        if (await db.ProviderLinks.CountAsync(l => l.AccountId == account.Id, ct) >= ProviderLink.MaxPerPerson)
            return ProviderErrors.TooMany;
        db.ProviderLinks.Add(link);
        await messages.WarnOwnerAsync(account, EmailKind.ProviderLinked, provider: link.Provider);
        var details = new { ProviderLinkId = link.Id, link.Provider };
        work.Audit(UserAudit.ProviderLinked, account.Id, null, details, by: account.Id);
        return null;
    }

    /// <summary>Disconnects all, and ends what waits for a step. The caller has locked the account.</summary>
    public static async Task ForgetProvidersAsync(this UsersDbContext db, Guid accountId, CancellationToken ct)
    {
        await db.ProviderLinks.Where(link => link.AccountId == accountId).ExecuteDeleteAsync(ct);
        await db.ProviderSignIns.Where(signIn => signIn.AccountId == accountId).ExecuteDeleteAsync(ct);
        await db.ProviderAttempts.Where(attempt => attempt.AccountId == accountId).ExecuteDeleteAsync(ct);
    }

    /// <summary>
    /// Opens the session of a connected account. The caller has locked it, and a person with two-factor authentication
    /// has shown a code.
    /// </summary>
    public static Task<SignedIn> SignInWithAsync(
        this UsersDbContext db,
        ProviderLink link,
        Account account,
        StepProof proof,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        link.Use(now);
        return db.OpenSessionAsync(
            account,
            proof.Device,
            proof.Address,
            account.TwoFactorEnabled,
            passkeyId: null,
            work,
            messages,
            now,
            new ProviderProof(link.Id, link.Issuer, proof.PasswordShown, proof.Counted),
            ct
        );
    }
}

/// <param name="Address">Where the person is: known from then on.</param>
/// <param name="PasswordShown">Whether the password was shown on the way.</param>
/// <param name="Counted">Whether an attempt at a password or code was counted before.</param>
internal sealed record StepProof(string? Device, string Address, bool PasswordShown, bool Counted);

/// <summary>Whose password or code a step takes.</summary>
internal sealed record StepOwner(string NormalizedEmail, string? PasswordHash);
