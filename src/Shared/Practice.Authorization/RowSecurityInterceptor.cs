using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Practice.Authorization;

/// <summary>
/// Authorizes before every command of a module's DbContext: readers, scalars and non-queries, sync and async, inside
/// and outside transactions. Outside a transaction a read is sent behind its authorization; Npgsql sends both as one
/// batch, which is one implicit transaction and one round trip. A change outside a transaction gets one of its own, and
/// is sent only after the caller was authorized: not every table has policies that would stop it. Inside a transaction
/// the authorization is sent once, and again whenever the code acts as somebody else. A caller who is not authorized
/// reads and changes nothing.
/// </summary>
internal sealed class RowSecurityInterceptor : DbCommandInterceptor
{
    /// <summary>EF's texts are constants, so the prefixed ones are as well, and auto-prepare recognises them.</summary>
    private readonly ConcurrentDictionary<(string Prefix, string Text), string> _texts = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result
    )
    {
        if (Authority(eventData.Context, command) is { } call)
            Prepare(command, call);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        if (Authority(eventData.Context, command) is { } call)
            await PrepareAsync(command, call, cancellationToken);
        return result;
    }

    public override DbDataReader ReaderExecuted(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result
    )
    {
        if (command.Transaction is not null || Authority(eventData.Context, command) is not { } call)
            return result;
        try
        {
            Skip(result, call);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.Transaction is not null || Authority(eventData.Context, command) is not { } call)
            return result;
        try
        {
            await SkipAsync(result, call, cancellationToken);
            return result;
        }
        catch
        {
            await result.DisposeAsync();
            throw;
        }
    }

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result
    )
    {
        if (Authority(eventData.Context, command) is not { } call)
            return result;
        Prepare(command, call);
        if (command.Transaction is not null)
            return result;
        using var reader = command.ExecuteReader();
        Skip(reader, call);
        return InterceptionResult<object>.SuppressWithResult(reader.Read() ? reader.GetValue(0) : null!);
    }

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    )
    {
        if (Authority(eventData.Context, command) is not { } call)
            return result;
        await PrepareAsync(command, call, cancellationToken);
        if (command.Transaction is not null)
            return result;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await SkipAsync(reader, call, cancellationToken);
        return InterceptionResult<object>.SuppressWithResult(
            await reader.ReadAsync(cancellationToken) ? reader.GetValue(0) : null!
        );
    }

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    )
    {
        if (Authority(eventData.Context, command) is not { } call)
            return result;
        if (command.Transaction is not null)
        {
            Prepare(command, call);
            return result;
        }

        RefuseWithoutToken(call);
        using var transaction = command.Connection!.BeginTransaction();
        command.Transaction = transaction;
        Prepare(command, call);
        var affected = command.ExecuteNonQuery();
        transaction.Commit();
        return InterceptionResult<int>.SuppressWithResult(affected);
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (Authority(eventData.Context, command) is not { } call)
            return result;
        if (command.Transaction is not null)
        {
            await PrepareAsync(command, call, cancellationToken);
            return result;
        }

        RefuseWithoutToken(call);
        await using var transaction = await command.Connection!.BeginTransactionAsync(cancellationToken);
        command.Transaction = transaction;
        await PrepareAsync(command, call, cancellationToken);
        var affected = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return InterceptionResult<int>.SuppressWithResult(affected);
    }

    /// <summary>Authorizes in a transaction, unless it has been told already what holds now.</summary>
    internal static async Task AuthorizeAsync(DbTransaction transaction, CallContext call, CancellationToken ct)
    {
        if (CommandFor(transaction, call) is not { } command)
            return;
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            await ReadAsync(reader, call, AsksFor(transaction, call), ct);
        }

        call.SetApplied(transaction);
    }

    /// <summary>On whose behalf the command runs; null where the database need not be told.</summary>
    private static CallContext? Authority(DbContext? context, DbCommand command) =>
        context is IAuthorizedContext { Call: var call }
        && (call.HasAuthority || (command.Transaction is { } transaction && call.AppliedIn(transaction) is not null))
            ? call
            : null;

    private void Prepare(DbCommand command, CallContext call)
    {
        RefuseWithoutToken(call);
        if (command.Transaction is not { } transaction)
        {
            Prefix(command, call);
        }
        else if (CommandFor(transaction, call) is { } authorize)
        {
            using (authorize)
            {
                using var reader = authorize.ExecuteReader();
                Read(reader, call, AsksFor(transaction, call));
            }

            call.SetApplied(transaction);
        }
    }

    private async Task PrepareAsync(DbCommand command, CallContext call, CancellationToken ct)
    {
        RefuseWithoutToken(call);
        if (command.Transaction is { } transaction)
            await AuthorizeAsync(transaction, call, ct);
        else
            Prefix(command, call);
    }

    /// <summary>Nobody is signed in without a token; that takes no question to the database.</summary>
    private static void RefuseWithoutToken(CallContext call)
    {
        if (call.Request is { TokenHash: null })
            throw new AccessDeniedException(AuthorizationErrors.NotSignedIn);
    }

    private void Prefix(DbCommand command, CallContext call)
    {
        var prefix = AuthorizationSql.Prefix(call.Request, call.ActingAs, null);
        command.CommandText = _texts.GetOrAdd((prefix, command.CommandText), text => text.Prefix + text.Text);
        AuthorizationSql.AddParameters(command, call.Request, call.ActingAs, null, call.Now);
    }

    private static NpgsqlCommand? CommandFor(DbTransaction transaction, CallContext call)
    {
        var earlier = call.AppliedIn(transaction);
        if (earlier == call.ActingAs || (earlier is null && !call.HasAuthority))
            return null;
        var command = new NpgsqlCommand(
            AuthorizationSql.Prefix(call.Request, call.ActingAs, earlier),
            (NpgsqlConnection)transaction.Connection!,
            (NpgsqlTransaction)transaction
        );
        AuthorizationSql.AddParameters(command, call.Request, call.ActingAs, earlier, call.Now);
        return command;
    }

    /// <summary>Whether the caller is asked about, rather than only widened.</summary>
    private static bool AsksFor(DbTransaction transaction, CallContext call) =>
        call.Request is not null && !(call.AppliedIn(transaction) is { } earlier && call.ActingAs.Covers(earlier));

    private static void Skip(DbDataReader reader, CallContext call)
    {
        if (call.Request is { } request)
        {
            SetCaller(AuthorizationSql.ReadResult(reader.Read(), reader, request), call);
            reader.NextResult();
        }

        if (call.ActingAs != ActingAs.Caller)
            reader.NextResult();
    }

    private static async Task SkipAsync(DbDataReader reader, CallContext call, CancellationToken ct)
    {
        if (call.Request is { } request)
        {
            SetCaller(AuthorizationSql.ReadResult(await reader.ReadAsync(ct), reader, request), call);
            await reader.NextResultAsync(ct);
        }

        if (call.ActingAs != ActingAs.Caller)
            await reader.NextResultAsync(ct);
    }

    private static void Read(DbDataReader reader, CallContext call, bool asked)
    {
        do
        {
            if (asked && reader.FieldCount > 1 && reader.GetName(0) == "result")
                SetCaller(AuthorizationSql.ReadResult(reader.Read(), reader, call.Request!), call);
        } while (reader.NextResult());
    }

    private static async Task ReadAsync(DbDataReader reader, CallContext call, bool asked, CancellationToken ct)
    {
        do
        {
            if (asked && reader.FieldCount > 1 && reader.GetName(0) == "result")
                SetCaller(AuthorizationSql.ReadResult(await reader.ReadAsync(ct), reader, call.Request!), call);
        } while (await reader.NextResultAsync(ct));
    }

    private static void SetCaller(AuthorizationResult result, CallContext call) =>
        call.SetCaller(result.Caller ?? throw new AccessDeniedException(result.Error!.Value));
}
