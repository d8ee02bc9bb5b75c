using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Practice.Authorization;

/// <summary>
/// Keeps what <see cref="CallContext"/> knows of a transaction true. A new one has been told nothing. Going back to a
/// savepoint undoes what was said since, such as the end of a scope in which the code acted as the system. A save sets
/// none, but code may.
/// </summary>
internal sealed class RowSecurityTransactions : DbTransactionInterceptor
{
    public override DbTransaction TransactionStarted(
        DbConnection connection,
        TransactionEndEventData eventData,
        DbTransaction result
    )
    {
        CallOf(eventData.Context)?.TransactionStarted();
        return result;
    }

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection,
        TransactionEndEventData eventData,
        DbTransaction result,
        CancellationToken cancellationToken = default
    )
    {
        CallOf(eventData.Context)?.TransactionStarted();
        return ValueTask.FromResult(result);
    }

    public override void RolledBackToSavepoint(DbTransaction transaction, TransactionEventData eventData) =>
        CallOf(eventData.Context)?.ForgetApplied();

    public override Task RolledBackToSavepointAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        CallOf(eventData.Context)?.ForgetApplied();
        return Task.CompletedTask;
    }

    private static CallContext? CallOf(DbContext? context) => (context as IAuthorizedContext)?.Call;
}
