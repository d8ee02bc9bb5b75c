using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Practice.Authorization;

/// <summary>
/// Authorizes before every command of a module's DbContext: readers, scalars and non-queries, sync and async, inside
/// and outside transactions. Outside a transaction a read is sent behind its authorization; Npgsql sends both as one
/// batch, which is one implicit transaction and one round trip, and may only read. A change outside a transaction gets
/// one of its own, and is sent only after the caller was authorized: not every table has policies that would stop it.
/// Inside a transaction the authorization is sent once, and again whenever the code acts as someone else. A caller who
/// is not authorized reads and changes nothing.
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
        if (command.Transaction is null && Authority(eventData.Context, command) is { } call)
            Skip(result, call);
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.Transaction is null && Authority(eventData.Context, command) is { } call)
            await SkipAsync(result, call, cancellationToken);
        return result;
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
        var unread = command.ExecuteReader();
        Skip(unread, call);
        using var reader = unread;
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
        var unread = await command.ExecuteReaderAsync(cancellationToken);
        await SkipAsync(unread, call, cancellationToken);
        await using var reader = unread;
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

        DenyWithoutToken(call);
        using var transaction = command.Connection!.BeginTransaction();
        call.TransactionStarted();
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

        DenyWithoutToken(call);
        await using var transaction = await command.Connection!.BeginTransactionAsync(cancellationToken);
        call.TransactionStarted();
        command.Transaction = transaction;
        await PrepareAsync(command, call, cancellationToken);
        var affected = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return InterceptionResult<int>.SuppressWithResult(affected);
    }

    /// <summary>Authorizes in a transaction, unless it has been told already what holds now.</summary>
    internal static async Task AuthorizeAsync(DbTransaction transaction, CallContext call, CancellationToken ct)
    {
        if (StatementsFor(transaction, call) is not { } statements)
            return;
        call.ApplyingIn(transaction);
        await using var command = CommandFor(transaction, statements, call.Now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        SetCaller(await statements.ReadAsync(reader, ct), call);
        call.SetApplied(transaction);
    }

    private static void Authorize(DbTransaction transaction, CallContext call)
    {
        if (StatementsFor(transaction, call) is not { } statements)
            return;
        call.ApplyingIn(transaction);
        using var command = CommandFor(transaction, statements, call.Now);
        using var reader = command.ExecuteReader();
        SetCaller(statements.Read(reader), call);
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
        DenyWithoutToken(call);
        if (command.Transaction is { } transaction)
            Authorize(transaction, call);
        else
            Prefix(command, call);
    }

    private async Task PrepareAsync(DbCommand command, CallContext call, CancellationToken ct)
    {
        DenyWithoutToken(call);
        if (command.Transaction is { } transaction)
            await AuthorizeAsync(transaction, call, ct);
        else
            Prefix(command, call);
    }

    /// <summary>Nobody is signed in without a token; the database need not be asked.</summary>
    internal static void DenyWithoutToken(CallContext call)
    {
        if (call.Request is { TokenHash: null })
            throw new AccessDeniedException(AuthorizationErrors.NotSignedIn);
    }

    private void Prefix(DbCommand command, CallContext call)
    {
        var statements = StatementsOutside(call);
        var prefix = statements.TextBeforeRead();
        command.CommandText = _texts.GetOrAdd((prefix, command.CommandText), text => text.Prefix + text.Text);
        statements.AddParameters(command, call.Now);
    }

    /// <summary>What goes before a read outside a transaction.</summary>
    private static AuthorizationStatements StatementsOutside(CallContext call) =>
        AuthorizationStatements.For(call.Request, call.ActingAs, earlier: null);

    /// <summary>What this transaction must be told; null if it knows.</summary>
    private static AuthorizationStatements? StatementsFor(DbTransaction transaction, CallContext call)
    {
        var earlier = call.AppliedIn(transaction);
        return earlier == call.ActingAs || (earlier is null && !call.HasAuthority)
            ? null
            : AuthorizationStatements.For(call.Request, call.ActingAs, earlier);
    }

    private static NpgsqlCommand CommandFor(
        DbTransaction transaction,
        AuthorizationStatements statements,
        DateTimeOffset now
    )
    {
        var command = new NpgsqlCommand(
            statements.Text(),
            (NpgsqlConnection)transaction.Connection!,
            (NpgsqlTransaction)transaction
        );
        statements.AddParameters(command, now);
        return command;
    }

    /// <summary>Closes the reader where the caller may not; then nobody may close it again.</summary>
    private static void Skip(DbDataReader reader, CallContext call)
    {
        try
        {
            SetCaller(StatementsOutside(call).Read(reader), call);
        }
        catch
        {
            Close(reader);
            throw;
        }
    }

    /// <inheritdoc cref="Skip"/>
    internal static async Task SkipAsync(DbDataReader reader, CallContext call, CancellationToken ct)
    {
        try
        {
            SetCaller(await StatementsOutside(call).ReadAsync(reader, ct), call);
        }
        catch
        {
            await CloseAsync(reader);
            throw;
        }
    }

    /// <summary>
    /// Closing runs through what is left of the batch. An error there must not replace the one at hand.
    /// </summary>
    private static void Close(DbDataReader reader)
    {
        try
        {
            reader.Dispose();
        }
        catch (DbException) { }
    }

    /// <inheritdoc cref="Close"/>
    private static async Task CloseAsync(DbDataReader reader)
    {
        try
        {
            await reader.DisposeAsync();
        }
        catch (DbException) { }
    }

    private static void SetCaller(AuthorizationResult? result, CallContext call)
    {
        if (result is { } known)
            call.SetCaller(known.Caller ?? throw new AccessDeniedException(known.Error!.Value));
    }
}
