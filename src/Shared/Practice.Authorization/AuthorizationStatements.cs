using System.Data.Common;
using NpgsqlTypes;

namespace Practice.Authorization;

/// <summary>What the database is told before a command: who calls, and as whom the code acts.</summary>
/// <param name="Request">The caller to authorize; null if there is none, or if the transaction knows them.</param>
/// <param name="StartOver">Whether what the transaction was told before is taken back first.</param>
internal readonly record struct AuthorizationStatements(
    AuthorizationRequest? Request,
    ActingAs ActingAs,
    bool StartOver
)
{
    private const string TakeBack = "select authority.act_as_nobody();\n";

    private bool Widens => ActingAs != ActingAs.Caller;

    /// <param name="earlier">What this transaction was told before; null for nothing.</param>
    public static AuthorizationStatements For(AuthorizationRequest? request, ActingAs acting, ActingAs? earlier)
    {
        var known = earlier is not null && acting.Covers(earlier);
        return new(known ? null : request, acting, StartOver: earlier is not null && !known);
    }

    /// <summary>The statements as one text that depends on no value.</summary>
    public string Text() =>
        (StartOver ? TakeBack : "") + (Request is null ? "" : AuthorizationSql.For(Request)) + Widen("");

    /// <summary>
    /// As <see cref="Text"/>, to go before a read outside a transaction, in the same batch. The read runs before the
    /// application has seen whether the caller may; so the batch may only read.
    /// </summary>
    public string TextBeforeRead() =>
        (Request is null ? "" : AuthorizationSql.ForReadOnly(Request)) + Widen(AuthorizationSql.OnlyRead);

    public void AddParameters(DbCommand command, DateTimeOffset now)
    {
        if (Request is not null)
            AuthorizationSql.AddParameters(command.Parameters, Request, now);
        if (ActingAs.GroupId is { } group)
            AuthorizationSql.Add(command.Parameters, "as_group", NpgsqlDbType.Uuid, group);
        if (ActingAs.AccountId is { } account)
            AuthorizationSql.Add(command.Parameters, "as_account", NpgsqlDbType.Uuid, account);
        if (ActingAs.PersonId is { } person)
            AuthorizationSql.Add(command.Parameters, "as_person", NpgsqlDbType.Uuid, person);
        if (ActingAs.NormalizedEmail is { } email)
            AuthorizationSql.Add(command.Parameters, "as_email", NpgsqlDbType.Text, email);
    }

    /// <summary>Moves past the answers to these statements.</summary>
    /// <returns>What came of the request; null without one.</returns>
    public AuthorizationResult? Read(DbDataReader reader)
    {
        AuthorizationResult? result = null;
        if (StartOver)
            reader.NextResult();
        if (Request is not null)
        {
            result = AuthorizationSql.ReadResult(reader.Read(), reader, Request);
            if (result.Value.Error is null)
                reader.NextResult();
        }

        if (Widens && result?.Error is null)
            reader.NextResult();
        return result;
    }

    /// <inheritdoc cref="Read"/>
    public async Task<AuthorizationResult?> ReadAsync(DbDataReader reader, CancellationToken ct)
    {
        AuthorizationResult? result = null;
        if (StartOver)
            await reader.NextResultAsync(ct);
        if (Request is not null)
        {
            result = AuthorizationSql.ReadResult(await reader.ReadAsync(ct), reader, Request);
            if (result.Value.Error is null)
                await reader.NextResultAsync(ct);
        }

        if (Widens && result?.Error is null)
            await reader.NextResultAsync(ct);
        return result;
    }

    private string Widen(string andColumn)
    {
        if (!Widens)
            return "";
        List<string> calls = [];
        if (ActingAs.GroupId is not null)
            calls.Add("authority.act_as_system(@as_group)");
        if (ActingAs.AccountId is not null)
            calls.Add("authority.act_as_system_in_account(@as_account)");
        if (ActingAs.PersonId is not null)
            calls.Add("authority.act_as_system_for_person(@as_person)");
        if (ActingAs.NormalizedEmail is not null)
            calls.Add("authority.act_as_system_for_address(@as_email)");
        return $"select {string.Join(", ", calls)}{andColumn};\n";
    }
}
