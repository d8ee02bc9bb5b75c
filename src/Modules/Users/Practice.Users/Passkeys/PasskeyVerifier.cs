using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.TwoFactor;

namespace Practice.Users.Passkeys;

/// <summary>
/// Challenges for passkeys, and the check of their answers, by ASP.NET Core Identity. It works on the DbContext of the
/// unit of work with the account locked. Why an answer is refused is logged, and told to nobody.
/// </summary>
public sealed partial class PasskeyVerifier
{
    /// <summary>Of WebAuthn.</summary>
    private const int MaxCredentialIdLength = 1023;

    private const int MaxReasonLength = 200;

    private readonly IOptions<IdentityPasskeyOptions> _options;
    private readonly ILogger<PasskeyVerifier> _log;

    public PasskeyVerifier(IOptions<IdentityPasskeyOptions> options, ILogger<PasskeyVerifier> log) =>
        (_options, _log) = (options, log);

    /// <summary>A challenge for a new passkey. Authenticators that hold one of this account refuse it.</summary>
    internal async Task<PasskeyChallenge> ChallengeNewAsync(UsersDbContext db, Account account, DateTimeOffset now)
    {
        using var manager = Manager(db, now);
        var user = new PasskeyUserEntity
        {
            Id = await manager.GetUserIdAsync(account),
            Name = account.Email!,
            DisplayName = $"{account.FirstName} {account.LastName}",
        };
        var made = await Handler(manager).MakeCreationOptionsAsync(user, new DefaultHttpContext());
        return Challenge(db, PasskeyPurpose.Add, account, made.CreationOptionsJson, made.AttestationState, now);
    }

    /// <summary>A challenge for a passkey of the account; for any passkey without one.</summary>
    internal async Task<PasskeyChallenge> ChallengeAsync(
        UsersDbContext db,
        PasskeyPurpose purpose,
        Account? account,
        DateTimeOffset now
    )
    {
        using var manager = Manager(db, now);
        var made = await Handler(manager).MakeRequestOptionsAsync(account, new DefaultHttpContext());
        return Challenge(db, purpose, account, made.RequestOptionsJson, made.AssertionState, now);
    }

    /// <summary>Adds the passkey to the account; null if the answer is refused.</summary>
    internal async Task<Passkey?> AddAsync(
        UsersDbContext db,
        Account account,
        string? state,
        string credential,
        string name,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (IdIn(credential) is not { } id)
            return Refused<Passkey>(null, "no credential id");
        await db.LockPasskeyAsync(id, ct); // so that it cannot be added twice

        using var manager = Manager(db, now);
        var result = await Handler(manager)
            .PerformAttestationAsync(
                new PasskeyAttestationContext
                {
                    CredentialJson = credential,
                    AttestationState = state,
                    HttpContext = new DefaultHttpContext(),
                }
            );
        if (!result.Succeeded)
            return Refused<Passkey>(account.Id, result.Failure.Message);
        if (result.UserEntity.Id != await manager.GetUserIdAsync(account))
            return Refused<Passkey>(account.Id, "made for another account");

        result.Passkey.Name = name;
        using var store = new PasskeyStore(db, now);
        await store.AddOrUpdatePasskeyAsync(account, result.Passkey, ct);
        return db.Passkeys.Local.Single(passkey => passkey.CredentialId.AsSpan().SequenceEqual(id));
    }

    /// <summary>The locked account that has the credential; null if none has.</summary>
    internal async Task<Account?> LockOwnerAsync(UsersDbContext db, string credential, CancellationToken ct)
    {
        if (IdIn(credential) is not { } id)
            return Refused<Account>(null, "no credential id");
        var owner = await db
            .Passkeys.Where(passkey => passkey.CredentialId == id)
            .Select(passkey => (Guid?)passkey.UserId)
            .SingleOrDefaultAsync(ct);
        return owner is null
            ? Refused<Account>(null, "unknown credential")
            : await db.LockAccountAsync(owner.Value, ct);
    }

    /// <summary>
    /// Checks the answer of a passkey of the account, and keeps its counter; null if it is refused.
    /// </summary>
    internal async Task<Passkey?> UseAsync(
        UsersDbContext db,
        Account account,
        string? state,
        string credential,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        using var manager = Manager(db, now);
        var result = await Handler(manager)
            .PerformAssertionAsync(
                new PasskeyAssertionContext
                {
                    CredentialJson = credential,
                    AssertionState = state,
                    HttpContext = new DefaultHttpContext(),
                }
            );
        if (!result.Succeeded)
            return Refused<Passkey>(account.Id, result.Failure.Message);
        if (result.User.Id != account.Id)
            return Refused<Passkey>(account.Id, "belongs to another account");

        // Not the manager's own method: it would also save the account, and fail where that has changed meanwhile.
        using var store = new PasskeyStore(db, now);
        await store.AddOrUpdatePasskeyAsync(account, result.Passkey, ct);
        var used = db.Passkeys.Local.Single(passkey =>
            passkey.CredentialId.AsSpan().SequenceEqual(result.Passkey.CredentialId)
        );
        used.Use(now);
        return used;
    }

    /// <summary>Says why an answer is refused, in the log.</summary>
    internal T? Refused<T>(Guid? accountId, string reason)
        where T : class
    {
        // It may quote what the client sent.
        var quoted = string.Concat(reason.Where(character => !char.IsControl(character)).Take(MaxReasonLength));
        LogRejected(accountId, quoted);
        return null;
    }

    private static PasskeyChallenge Challenge(
        UsersDbContext db,
        PasskeyPurpose purpose,
        Account? account,
        string options,
        string? state,
        DateTimeOffset now
    )
    {
        var attempt = PasskeyAttempt.Begin(purpose, account?.Id, db.Call.Caller.SessionId, state!, now);
        db.PasskeyAttempts.Add(attempt);
        using var json = JsonDocument.Parse(options);
        return new PasskeyChallenge(attempt.Id, json.RootElement.Clone());
    }

    private static byte[]? IdIn(string credential)
    {
        try
        {
            using var json = JsonDocument.Parse(credential);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("id", out var id)
                && id.ValueKind == JsonValueKind.String
                && Base64Url.DecodeFromChars(id.GetString()) is { Length: > 0 and <= MaxCredentialIdLength } bytes
                ? bytes
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private PasskeyHandler<Account> Handler(UserManager<Account> manager) => new(manager, _options);

    private static AccountManager Manager(UsersDbContext db, DateTimeOffset now) => new(new PasskeyStore(db, now));

    [LoggerMessage(LogLevel.Information, "A passkey was refused (account {AccountId}): {Reason}")]
    private partial void LogRejected(Guid? accountId, string reason);
}

/// <param name="AttemptId">Sent back with the answer. It is good for one answer, within five minutes.</param>
/// <param name="Options">
/// For <c>PublicKeyCredential.parseCreationOptionsFromJSON</c> or <c>parseRequestOptionsFromJSON</c>.
/// </param>
public sealed record PasskeyChallenge(Guid AttemptId, JsonElement Options);
