namespace Practice.Users.Passwords;

/// <summary>
/// Counts attempts at the passwords and codes that prove who someone is. Each is counted before it is checked; after
/// too many failures the email, or the address they come from, is locked out. A stolen session therefore allows no more
/// guesses than the sign-in page. The first code of a new authenticator app is not counted: the person has just been
/// told its key.
/// </summary>
internal sealed class PasswordGate(
    PerEmailLock attempts,
    PasswordHashing passwords,
    IModuleBus bus,
    IHttpContextAccessor http
)
{
    /// <summary>Where the caller is.</summary>
    public string Address => ClientAddress.Of(http.HttpContext!).ToString();

    /// <summary>
    /// Counts an attempt, once no other attempt for this email is running; an error if the email is locked out. The
    /// attempt counts as failed until it is undone, or until the handler that accepts it clears the count.
    /// </summary>
    public async Task<ErrorOr<PasswordAttempt>> BeginAsync(string normalizedEmail, CancellationToken ct)
    {
        var turn = await attempts.AcquireAsync(normalizedEmail, ct);
        var counted = false;
        try
        {
            var count = await bus.InvokeAsSystemAsync(new CountSignInAttempt(normalizedEmail, Address), ct);
            counted = !count.IsError;
            return count.Then(_ => new PasswordAttempt(normalizedEmail, Address, turn, passwords, bus));
        }
        finally
        {
            if (!counted)
                turn.Dispose();
        }
    }

    /// <summary>
    /// Verifies the current password of a person who is signed in: <paramref name="wrong"/> if it is not right. A right
    /// password is not counted.
    /// </summary>
    public async Task<ErrorOr<Success>> VerifyCurrentPasswordAsync(
        string normalizedEmail,
        string? hash,
        string password,
        Error wrong,
        CancellationToken ct
    )
    {
        if (await BeginAsync(normalizedEmail, ct) is var begun && begun.IsError)
            return begun.Errors;

        using var attempt = begun.Value;
        var verified = await attempt.VerifyAsync(hash, password, wrong, ct);
        if (!verified.IsError)
            await attempt.UndoAsync(ct);
        return verified;
    }
}

/// <summary>A counted attempt. Dispose it to let the next attempt for this email begin.</summary>
internal sealed class PasswordAttempt(
    string normalizedEmail,
    string address,
    IDisposable turn,
    PasswordHashing passwords,
    IModuleBus bus
) : IDisposable
{
    /// <summary>
    /// Compares the password: <paramref name="wrong"/> if it is not right, after the same time without a hash. If the
    /// server is too busy to compare, the attempt is not counted.
    /// </summary>
    public async Task<ErrorOr<Success>> VerifyAsync(string? hash, string password, Error wrong, CancellationToken ct)
    {
        var matches = await passwords.VerifyAsync(hash, password, ct);
        if (matches.IsError)
        {
            await UndoAsync(ct);
            return matches.Errors;
        }

        return matches.Value ? Result.Success : wrong;
    }

    /// <summary>The attempt did not fail: it is not counted.</summary>
    public Task UndoAsync(CancellationToken ct) =>
        bus.InvokeAsSystemAsync(new UndoSignInAttempt(normalizedEmail, address), ct);

    public void Dispose() => turn.Dispose();
}
