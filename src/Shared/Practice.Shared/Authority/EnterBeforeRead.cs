using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Practice.Shared.Authority;

/// <summary>
/// Puts <c>authority.enter</c> in front of every read outside a transaction. Npgsql sends both statements as one batch,
/// which is one implicit transaction and one round trip: the rows are read under the row-level security of the group
/// just entered, and a caller who is not let in reads nothing.
/// </summary>
internal sealed class EnterBeforeRead : DbCommandInterceptor
{
    /// <summary>EF's texts are constants, so the prefixed ones are as well, and auto-prepare recognises them.</summary>
    private readonly ConcurrentDictionary<string, string> _asPerson = new(),
        _inPortal = new(),
        _asSystem = new();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken ct = default
    )
    {
        if (command.Transaction is not null || eventData.Context is not Persistence.ModuleDbContext { Call: var call })
            return new(result);

        if (call.SystemGroup is { } group)
        {
            command.CommandText = _asSystem.GetOrAdd(command.CommandText, text => EnterSql.System + text);
            EnterSql.AddGroup(command, group);
        }
        else if (call.Admission is { } admission)
        {
            if (admission.TokenHash is null)
                throw new RefusedException(Refusals.NotSignedIn);
            var enter = EnterSql.For(admission);
            command.CommandText = (enter == EnterSql.Portal ? _inPortal : _asPerson).GetOrAdd(
                command.CommandText,
                text => enter + text
            );
            EnterSql.AddParameters(command, admission, call.Now);
        }

        return new(result);
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken ct = default
    )
    {
        if (command.Transaction is not null || eventData.Context is not Persistence.ModuleDbContext { Call: var call })
            return result;

        if (call.SystemGroup is not null)
        {
            await result.NextResultAsync(ct);
        }
        else if (call.Admission is { } admission)
        {
            var verdict = await EnterSql.ReadVerdictAsync(result, admission, ct);
            if (verdict.IsError)
            {
                await result.DisposeAsync();
                throw new RefusedException(verdict.FirstError);
            }

            call.LetIn(verdict.Value);
            await result.NextResultAsync(ct);
        }

        return result;
    }
}
