using System.Globalization;
using Microsoft.Net.Http.Headers;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Passwords;

/// <summary>Counts a try at a password or code before it is made. Committed by itself: the try's own transaction may come to nothing.</summary>
public sealed record CountAttempt(string NormalizedEmail) : Message, ICommand<Success>;

public static class CountAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CountAttempt command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var attempts = await db.LockAttemptsAsync(command.NormalizedEmail, ct);
        if (attempts is null)
            db.SignInAttempts.Add(attempts = SignInAttempts.Of(Attempts.KeyOf(command.NormalizedEmail)));
        return attempts.Begin(clock.GetUtcNow()) is { } wait ? LockedOut.For(wait) : Result.Success;
    }
}

/// <summary>Takes a counted try back, which was right as far as it went.</summary>
public sealed record TakeBackAttempt(string NormalizedEmail) : Message, ICommand<Success>;

public static class TakeBackAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(TakeBackAttempt command, UsersDbContext db, CancellationToken ct)
    {
        (await db.LockAttemptsAsync(command.NormalizedEmail, ct))?.TakeBack();
        return Result.Success;
    }
}

/// <summary>429: too many failures; <c>Retry-After</c> says how long to wait.</summary>
internal static class LockedOut
{
    private const string Wait = "retryAfterSeconds";

    public static Error For(TimeSpan wait) =>
        Error.Custom(
            StatusCodes.Status429TooManyRequests,
            "users.locked_out",
            "There were too many failed tries. Wait a while, or set a new password by mail.",
            new() { [Wait] = (int)Math.Ceiling(wait.TotalSeconds) }
        );

    public static IResult ToProblem(HttpContext http, IReadOnlyList<Error> refusals)
    {
        if (refusals[0].Metadata?.GetValueOrDefault(Wait) is int seconds)
            http.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.ToProblem(refusals);
    }
}
