using System.Globalization;
using System.Text.Json;
using ErrorOr;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Practice.Shared.Idempotency;

/// <summary>
/// A POST that carries an <c>Idempotency-Key</c>. What each of its commands answered is kept in the command's own
/// transaction, so that a repeat after a crash takes up where the first attempt was cut off, and does nothing twice.
/// </summary>
/// <param name="Attempt">Which of several tries of the same call this is: one that was given up as lost can commit
/// nothing more.</param>
/// <param name="Answers">What the commands of an earlier, interrupted attempt answered, by step.</param>
public sealed record IdempotentRequest(string Key, Guid Attempt, IReadOnlyDictionary<string, JsonElement> Answers)
{
    private const string Header = "practice-idempotency";
    private int _steps;

    /// <summary>
    /// Names the next command of this call: the same one at every attempt, since what came before it is the same.
    /// </summary>
    public string NextStep(Type command) => string.Create(CultureInfo.InvariantCulture, $"{_steps++}:{command.Name}");

    public bool TryRecall<TAnswer>(string step, out TAnswer answer)
    {
        var found = Answers.TryGetValue(step, out var json);
        answer = found ? json.Deserialize<TAnswer>(JsonSerializerOptions.Web)! : default!;
        return found;
    }

    public void WriteTo(IDictionary<string, string?> headers, string step) =>
        headers[Header] = $"{Attempt}|{step}|{Key}";

    /// <summary>Keeps the answer of a command that came with a key, in the command's transaction.</summary>
    /// <exception cref="AttemptAbandonedException">
    /// Another attempt has taken over: what this one did is undone.
    /// </exception>
    internal static async Task KeepAnswerAsync(
        IDictionary<string, string?> headers,
        IErrorOr answer,
        Func<string, NpgsqlCommand> command,
        CancellationToken ct
    )
    {
        if (!headers.TryGetValue(Header, out var text) || text?.Split('|', 3) is not [var attempt, var step, var key])
            return;

        var value = answer.GetType().GetProperty(nameof(ErrorOr<>.Value))!.GetValue(answer);
        await using var keep = command(
            """
            update idempotency.calls set answers = answers || jsonb_build_object(@step, @answer)
            where user_id = authority.current_user_id() and key = @key and attempt = @attempt
            """
        );
        keep.Parameters.Add(new("step", NpgsqlDbType.Text) { Value = step });
        keep.Parameters.Add(
            new("answer", NpgsqlDbType.Jsonb) { Value = JsonSerializer.Serialize(value, JsonSerializerOptions.Web) }
        );
        keep.Parameters.Add(new("key", NpgsqlDbType.Text) { Value = key });
        keep.Parameters.Add(new("attempt", NpgsqlDbType.Uuid) { Value = Guid.Parse(attempt) });
        if (await keep.ExecuteNonQueryAsync(ct) == 0)
            throw new AttemptAbandonedException();
    }
}

/// <summary>
/// An attempt of a call took so long that a repeat has taken it over. What the attempt would have changed is rolled
/// back.
/// </summary>
public sealed class AttemptAbandonedException() : Exception(IdempotencyErrors.InProgress.Description)
{
    /// <summary>What the caller is told.</summary>
    public Error Error { get; } = IdempotencyErrors.InProgress;
}

internal static class IdempotencyErrors
{
    public static Error InvalidKey { get; } =
        ApiError.InvalidField("Idempotency-Key", "1 to 200 visible ASCII characters, such as a UUID.");

    public static Error KeyReused { get; } =
        ApiError.Unprocessable(
            "idempotency.key_reused",
            "This Idempotency-Key came with another call before. Use a new key for each call, the same "
                + "one only to repeat it."
        );

    public static Error InProgress { get; } =
        ApiError.Conflict(
            "idempotency.in_progress",
            "The call with this Idempotency-Key is still running. Repeat it in a moment for its answer."
        );
}

/// <summary>A POST whose answer must not be kept: it takes no <c>Idempotency-Key</c>.</summary>
internal sealed class WithoutIdempotencyKey;

/// <summary>A POST that is safe to repeat. With a key its own answer is kept, but not those of its commands.</summary>
internal sealed class NaturallyIdempotentCall;

/// <summary>For routes; see <see cref="WithoutIdempotencyKey"/> and <see cref="NaturallyIdempotentCall"/>.</summary>
public static class IdempotentRoutes
{
    public const int MaxKeyLength = 200;

    /// <summary>What a call with a key may be answered besides its own errors.</summary>
    public static IReadOnlyList<Error> Errors { get; } = [IdempotencyErrors.KeyReused, IdempotencyErrors.InProgress];

    /// <summary>
    /// The answer holds secrets, or is only true at this moment: it is not kept,
    /// and an <c>Idempotency-Key</c> is ignored.
    /// </summary>
    public static RouteHandlerBuilder WithoutIdempotency(this RouteHandlerBuilder route) =>
        route.WithMetadata(new WithoutIdempotencyKey());

    /// <summary>
    /// Calling it twice has the effect of calling it once. With an <c>Idempotency-Key</c> its answer is kept, but not
    /// the answers of its commands: there may be thousands.
    /// </summary>
    public static RouteHandlerBuilder NaturallyIdempotent(this RouteHandlerBuilder route) =>
        route.WithMetadata(new NaturallyIdempotentCall());

    /// <summary>
    /// Whether calls of this endpoint may carry a key: every POST of a signed-in caller, except those whose answer
    /// must not be kept.
    /// </summary>
    public static bool TakesKey(IEnumerable<object> metadata) =>
        metadata.OfType<AccessRequirement>().Any()
        && metadata.OfType<HttpMethodMetadata>().Any(methods => methods.HttpMethods.Contains(HttpMethods.Post))
        && !metadata.OfType<WithoutIdempotencyKey>().Any();
}
