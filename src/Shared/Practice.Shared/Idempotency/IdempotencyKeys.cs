using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ErrorOr;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Npgsql;
using NpgsqlTypes;
using Practice.Shared.Messaging;
using Practice.Shared.Persistence;

namespace Practice.Shared.Idempotency;

/// <summary>
/// Answers the repeat of a POST with the same <c>Idempotency-Key</c>, caller and body as the first time
/// (docs/adr/0009). Only successes are kept, for 24 hours: after an error the call can be corrected and sent again with
/// the same key.
/// </summary>
internal sealed partial class IdempotencyKeys(
    RequestDelegate next,
    PracticeDatabase database,
    Authorizer authorizer,
    IOptions<RequestTimeoutOptions> timeouts,
    DeferredWrites later,
    TimeProvider clock,
    ILogger<IdempotencyKeys> log
)
{
    public const string HeaderName = "Idempotency-Key";

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>An attempt without an answer this long after its time limit was cut off by a crash.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>What a client may rely on in an answer, beside its body.</summary>
    private static readonly string[] KeptHeaders =
    [
        HeaderNames.ContentType,
        HeaderNames.Location,
        HeaderNames.ETag,
        ResponseHeaders.SkippedLocations,
        ResponseHeaders.OverlappingAppointments,
    ];

    private readonly byte[] _secret = database.SecretFor("idempotency");
    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.MessagingSchema);

    public Task InvokeAsync(HttpContext http, CallContext call) =>
        http.Request.Headers.TryGetValue(HeaderName, out var sent)
        && http.GetEndpoint() is { } endpoint
        && IdempotentRoutes.TakesKey(endpoint.Metadata)
        && call.Request is { TokenHash: not null } request
            ? AnswerOnceAsync(http, request, endpoint, sent.ToString())
            : next(http);

    private async Task AnswerOnceAsync(HttpContext http, AuthorizationRequest request, Endpoint endpoint, string key)
    {
        var ct = http.RequestAborted;
        if (key.Length is 0 or > IdempotentRoutes.MaxKeyLength || key.Any(character => character is < '!' or > '~'))
        {
            // 401, 403 and 404 come before 400: who may not call this learns only that.
            var result = await authorizer.AuthorizeAsync(request, ct);
            await (result.Error ?? IdempotencyErrors.InvalidKey).ToProblem().ExecuteAsync(http);
            return;
        }

        // The key is the person's own: whether they (still) may in the group is asked by the call itself, or before a
        // kept answer.
        var attempt = new Attempt(Guid.NewGuid(), key, request.OfSession(), TimeLimitOf(endpoint) + Margin);
        var fingerprint = await FingerprintAsync(http, ct);
        Begun? begun;
        try
        {
            begun = await BeginAsync(attempt, fingerprint, ct);
        }
        catch (Exception cutOff)
            when (cutOff is OperationCanceledException or StandbyDidNotConfirmException
                || DatabaseFaults.MayHaveRun(cutOff)
            )
        {
            // A server that hung begins the attempt when it goes on, and nobody would end it.
            StoreLater(attempt, InterruptedSql);
            throw;
        }

        if (begun is null)
        {
            await next(http); // the endpoint answers 401 itself
            return;
        }

        if (begun.Answers is { } answers)
        {
            if (endpoint.Metadata.GetMetadata<NaturallyIdempotentCall>() is null)
                http.Features.Set(new IdempotentRequest(key, attempt.Id, answers));
            await RunAsync(http, attempt with { PersonId = begun.PersonId });
        }
        else if ((await authorizer.AuthorizeAsync(request, ct)).Error is { } denied)
        {
            await denied.ToProblem().ExecuteAsync(http); // who may no longer call this learns nothing of earlier calls
        }
        else if (begun.Kept is { } kept)
        {
            await kept.WriteAsync(http);
        }
        else
        {
            if (begun.Error == IdempotencyErrors.InProgress)
                http.Response.Headers.RetryAfter = "1";
            await begun.Error!.Value.ToProblem().ExecuteAsync(http);
        }
    }

    private async Task RunAsync(HttpContext http, Attempt attempt)
    {
        var body = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        try
        {
            await next(http);
        }
        catch (Exception fault)
        {
            if (DatabaseFaults.IsTimeout(fault))
                StoreLater(attempt, InterruptedSql); // the caller has waited long enough for a database that hangs
            else
                await TryAsync(attempt, InterruptedSql);
            throw;
        }
        finally
        {
            http.Response.Body = body;
        }

        if (http.Response.StatusCode is >= 200 and < 300)
            await TryAsync(attempt, AnsweredSql, KeptAnswer.Of(http.Response, buffer));
        else
            await TryAsync(attempt, FailedSql);
        buffer.Position = 0;
        await buffer.CopyToAsync(body, http.RequestAborted);
    }

    private TimeSpan TimeLimitOf(Endpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<RequestTimeoutPolicy>() ?? timeouts.Value.DefaultPolicy!).Timeout!.Value;

    /// <summary>A hash of the call, keyed since its body may hold a password.</summary>
    private async Task<byte[]> FingerprintAsync(HttpContext http, CancellationToken ct)
    {
        // In memory, within the limit on bodies; personal data has no place in a temporary file.
        http.Request.EnableBuffering(bufferThreshold: int.MaxValue);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}\n"));
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, ct)) > 0)
            hash.AppendData(chunk, 0, read);
        http.Request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private const string BeginSql =
        AuthorizationSql.Authorize
        + """
            delete from idempotency.calls where user_id = authority.current_user_id() and created_at < @expired;
            insert into idempotency.calls as call (user_id, key, fingerprint, attempt, created_at, started_at)
            select authority.current_user_id(), @key, @fingerprint, @attempt, @now, @now
            where authority.current_user_id() is not null
            on conflict (user_id, key) do update set attempt = excluded.attempt, started_at = excluded.started_at
            where call.status is null and call.started_at < @given_up and call.fingerprint = excluded.fingerprint;
            select attempt = @attempt, fingerprint = @fingerprint, status, headers, body, answers
            from idempotency.calls where user_id = authority.current_user_id() and key = @key;
            """;

    /// <returns>Null without a session.</returns>
    private async Task<Begun?> BeginAsync(Attempt attempt, byte[] fingerprint, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        // A standby confirms commits in their order: this one also what an earlier attempt committed.
        using var confirmation = new CommitConfirmation(connection);
        var begun = await BeginAsync(connection, attempt, fingerprint, ct);
        confirmation.ThrowIfMissing();
        return begun;
    }

    private async Task<Begun?> BeginAsync(
        NpgsqlConnection connection,
        Attempt attempt,
        byte[] fingerprint,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        await using var command = new NpgsqlCommand(BeginSql, connection);
        AuthorizationSql.AddParameters(command.Parameters, attempt.Session, now);
        command.Parameters.Add(new("key", NpgsqlDbType.Text) { Value = attempt.Key });
        command.Parameters.Add(new("fingerprint", NpgsqlDbType.Bytea) { Value = fingerprint });
        command.Parameters.Add(new("attempt", NpgsqlDbType.Uuid) { Value = attempt.Id });
        command.Parameters.Add(new("now", NpgsqlDbType.TimestampTz) { Value = now });
        command.Parameters.Add(new("expired", NpgsqlDbType.TimestampTz) { Value = now - KeptFor });
        command.Parameters.Add(new("given_up", NpgsqlDbType.TimestampTz) { Value = now - attempt.GivenUpAfter });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (
            AuthorizationSql.ReadResult(await reader.ReadAsync(ct), reader, attempt.Session).Caller?.UserId
            is not { } person
        )
            return null;

        var begun = new Begun(person);
        await reader.NextResultAsync(ct);
        if (!await reader.ReadAsync(ct))
            // Its first attempt has just failed and its row is gone: a repeat runs.
            return begun with { Error = IdempotencyErrors.InProgress };
        if (!reader.GetBoolean(1))
            return begun with { Error = IdempotencyErrors.KeyReused };
        if (reader.GetBoolean(0))
            return begun with
            {
                Answers = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(reader.GetString(5))!,
            };
        if (reader.IsDBNull(2))
            return begun with { Error = IdempotencyErrors.InProgress };
        return begun with
        {
            Kept = new(reader.GetInt32(2), reader.GetString(3), await reader.GetFieldValueAsync<byte[]>(4, ct)),
        };
    }

    /// <summary>The outcome is theirs though their session has ended since the call began.</summary>
    private const string AsPersonSql = "select authority.act_as_system_for_person(@person);\n";

    private const string OwnAttempt =
        " where user_id = authority.current_user_id() and key = @key and attempt = @attempt";
    private const string AnsweredSql =
        "update idempotency.calls set status = @status, headers = @headers, body = @body, answers = '{}'" + OwnAttempt;
    private const string FailedSql = "delete from idempotency.calls" + OwnAttempt;

    /// <summary>Keeps the answers of committed commands, so that a repeat can continue at once.</summary>
    private const string InterruptedSql =
        "update idempotency.calls set started_at = '-infinity'"
        + OwnAttempt
        + " and answers <> '{}';"
        + "delete from idempotency.calls"
        + OwnAttempt
        + " and answers = '{}'";

    /// <summary>
    /// The call is over either way. While this fails, a repeat gets 409; at the latest until the attempt is given up.
    /// </summary>
    private async Task TryAsync(Attempt attempt, string sql, KeptAnswer? answer = null)
    {
        try
        {
            await StoreAsync(attempt, sql, answer, CancellationToken.None);
        }
        catch (Exception away) when (away is NpgsqlException || DatabaseFaults.IsTransient(away))
        {
            LogNotKept(away);
            StoreLater(attempt, sql, answer);
        }
    }

    private void StoreLater(Attempt attempt, string sql, KeptAnswer? answer = null) =>
        later.Add(
            new DeferredWrite(
                "the outcome of a call with an Idempotency-Key",
                "A repeat of the call runs it again, where it was not committed.",
                attempt.GivenUpAfter,
                ct => StoreAsync(attempt, sql, answer, ct)
            )
        );

    private async Task StoreAsync(Attempt attempt, string sql, KeptAnswer? answer, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(
            (attempt.PersonId is null ? AuthorizationSql.Authorize : AsPersonSql) + sql
        );
        AuthorizationSql.AddParameters(command.Parameters, attempt.Session, clock.GetUtcNow());
        command.Parameters.Add(new("person", NpgsqlDbType.Uuid) { Value = (object?)attempt.PersonId ?? DBNull.Value });
        command.Parameters.Add(new("key", NpgsqlDbType.Text) { Value = attempt.Key });
        command.Parameters.Add(new("attempt", NpgsqlDbType.Uuid) { Value = attempt.Id });
        command.Parameters.Add(new("status", NpgsqlDbType.Integer) { Value = (object?)answer?.Status ?? DBNull.Value });
        command.Parameters.Add(new("headers", NpgsqlDbType.Jsonb) { Value = (object?)answer?.Headers ?? DBNull.Value });
        command.Parameters.Add(new("body", NpgsqlDbType.Bytea) { Value = (object?)answer?.Body ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Could not store the outcome of a call with an Idempotency-Key; a repeat gets 409 until the database is back. "
            + "Check the database."
    )]
    private partial void LogNotKept(Exception away);

    /// <param name="PersonId">Whose call it is; null until it is known to have begun.</param>
    private sealed record Attempt(
        Guid Id,
        string Key,
        AuthorizationRequest Session,
        TimeSpan GivenUpAfter,
        Guid? PersonId = null
    );

    /// <param name="Answers">Of an earlier attempt's commands, where this one may run.</param>
    /// <param name="Kept">The answer of an attempt that came to its end.</param>
    /// <param name="Error">Where there is neither.</param>
    private sealed record Begun(
        Guid PersonId,
        IReadOnlyDictionary<string, JsonElement>? Answers = null,
        KeptAnswer? Kept = null,
        Error? Error = null
    );

    /// <param name="Headers">As a JSON object.</param>
    private sealed record KeptAnswer(int Status, string Headers, byte[] Body)
    {
        public static KeptAnswer Of(HttpResponse response, MemoryStream body) =>
            new(
                response.StatusCode,
                JsonSerializer.Serialize(
                    KeptHeaders
                        .Where(response.Headers.ContainsKey)
                        .ToDictionary(name => name, name => response.Headers[name].ToString())
                ),
                body.ToArray()
            );

        public async Task WriteAsync(HttpContext http)
        {
            http.Response.StatusCode = Status;
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(Headers)!)
                http.Response.Headers[name] = value;
            await http.Response.Body.WriteAsync(Body, http.RequestAborted);
        }
    }
}

/// <summary>For the host.</summary>
public static class IdempotencyHosting
{
    public static void UseIdempotencyKeys(this IApplicationBuilder app) => app.UseMiddleware<IdempotencyKeys>();
}
