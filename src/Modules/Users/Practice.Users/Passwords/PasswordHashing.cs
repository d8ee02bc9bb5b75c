using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Practice.Shared.Hosting;
using Practice.Users.Domain;

namespace Practice.Users.Passwords;

/// <summary>
/// Hashes and verifies passwords. That is slow on purpose, so it never happens inside a transaction, and always leaves
/// one processor to other requests.
/// </summary>
public sealed class PasswordHashing(IPasswordHasher<Account> hasher) : IDisposable
{
    /// <summary>
    /// For PBKDF2 with HMAC-SHA-512, as the OWASP Password Storage Cheat Sheet recommends: about 0.12 s of a processor,
    /// twice what ASP.NET Core Identity spends by default.
    /// </summary>
    public const int Iterations = 210_000;

    /// <summary>
    /// About ten seconds of work for one processor. Callers beyond that would give up before their turn.
    /// </summary>
    internal const int MaxQueueLength = 100;

    private static readonly Account Nobody = Account.Added(Guid.Empty, Guid.Empty, "", null, "", "", "", 0, default);

    private static readonly UpDownCounter<int> Waiting = PracticeTelemetry.Meter.CreateUpDownCounter<int>(
        "practice.password_hashing.waiting",
        "{request}",
        "Requests whose password waits for its turn. From 100 on they are answered with 503 users.busy."
    );

    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly string _dummy = hasher.HashPassword(Nobody, RandomToken.New());
    private int _waiting;

    private static Error Busy { get; } =
        ApiError.Create(
            StatusCodes.Status503ServiceUnavailable,
            "users.busy",
            "Too many people are signing in at the moment. Try again shortly."
        );

    public Task<ErrorOr<string>> HashAsync(string password, CancellationToken ct) =>
        RunAsync(() => hasher.HashPassword(Nobody, Prepared(password)), ct);

    /// <summary>Whether the password matches the hash. Without a hash it does not, after the same time.</summary>
    public Task<ErrorOr<bool>> VerifyAsync(string? hash, string password, CancellationToken ct) =>
        RunAsync(
            () =>
            {
                var (stored, prepared) = (hash ?? _dummy, Prepared(password));
                // The second: hashes made before passwords were prepared.
                var matches = Matches(stored, prepared) || (prepared != password && Matches(stored, password));
                return matches && hash is not null;
            },
            ct
        );

    private bool Matches(string hash, string password) =>
        hasher.VerifyHashedPassword(Nobody, hash, password) != PasswordVerificationResult.Failed;

    /// <summary>
    /// The same password from every keyboard (RFC 8265, OpaqueString): one kind of blank, and accents composed.
    /// </summary>
    private static string Prepared(string password) =>
        InputText.Clean(
            string.Concat(password.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c))
        );

    public void Dispose() => _slots.Dispose();

    private async Task<ErrorOr<T>> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        Waiting.Add(1);
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxQueueLength)
                return Busy;
            await _slots.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            Waiting.Add(-1);
        }

        try
        {
            // On a thread of its own: the pool has one a processor, and other calls need them.
            return await Task.Factory.StartNew(work, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _slots.Release();
        }
    }
}
