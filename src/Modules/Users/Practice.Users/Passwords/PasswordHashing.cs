using Microsoft.AspNetCore.Identity;
using Practice.Users.Domain;

namespace Practice.Users.Passwords;

/// <summary>
/// Hashes and verifies passwords: slow on purpose, so never inside a transaction, and only a few at a time. However many people sign in at once, the other requests keep at least half of the processors.
/// </summary>
public sealed class PasswordHashing(IPasswordHasher<Account> hasher) : IDisposable
{
    /// <summary>For PBKDF2 with HMAC-SHA-512, as the OWASP Password Storage Cheat Sheet has it.</summary>
    public const int Iterations = 210_000;

    /// <summary>About ten seconds of work for one processor: whoever comes later would give up before being served.</summary>
    private const int LongestQueue = 100;

    private static readonly Account Nobody = Account.Added(Guid.Empty, Guid.Empty, "", null, "", "", "", 0, default);

    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly string _dummy = hasher.HashPassword(Nobody, Secrets.NewToken());
    private int _waiting;

    private static Error Busy { get; } =
        ApiError.Create(
            StatusCodes.Status503ServiceUnavailable,
            "users.busy",
            "Too many people are signing in at the moment. Try again shortly."
        );

    public Task<ErrorOr<string>> HashAsync(string password, CancellationToken ct) =>
        RunAsync(() => hasher.HashPassword(Nobody, password), ct);

    /// <summary>Whether it is the password of that hash. Without a hash it isn't, and finding that out takes as long.</summary>
    public Task<ErrorOr<bool>> VerifyAsync(string? hash, string password, CancellationToken ct) =>
        RunAsync(
            () =>
                hasher.VerifyHashedPassword(Nobody, hash ?? _dummy, password) != PasswordVerificationResult.Failed
                && hash is not null,
            ct
        );

    public void Dispose() => _slots.Dispose();

    private async Task<ErrorOr<T>> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > LongestQueue)
                return Busy;
            await _slots.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Task.Run(work, ct);
        }
        finally
        {
            _slots.Release();
        }
    }
}
