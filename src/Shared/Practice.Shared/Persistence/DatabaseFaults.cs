using System.Net.Sockets;
using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>Tells a database that is away for a moment from a command that is wrong.</summary>
public static class DatabaseFaults
{
    /// <summary>Whether the same call to the database may succeed in a moment.</summary>
    public static bool IsTransient(Exception exception) =>
        exception switch
        {
            OperationCanceledException { InnerException: PostgresException } => false, // by our side
            PostgresException rejected => rejected.IsTransient
                || IsOfAServerThatStopsOrStarts(rejected.SqlState)
                || IsOfATimeLimit(rejected.SqlState)
                || IsOfTheServer(rejected)
                || TakesNoWrites(rejected),
            StandbyException or FormerPrimaryException => true,
            NpgsqlException { IsTransient: true } => true,
            NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
            // None of the hosts in the connection string is the primary now. Npgsql does not count that as transient.
            NpgsqlException { InnerException: AggregateException several } => several.InnerExceptions.All(host =>
                host is SocketException or TimeoutException || IsTransient(host)
            ),
            NpgsqlException { InnerException: null } alone => alone.Message.StartsWith(
                "No suitable host",
                StringComparison.Ordinal
            ),
            { InnerException: { } inner } => IsTransient(inner),
            _ => IsForgottenStatement(exception),
        };

    /// <summary>Whether the database did not answer in time.</summary>
    public static bool IsTimeout(Exception exception) =>
        exception switch
        {
            NpgsqlException { InnerException: TimeoutException } => true,
            { InnerException: { } inner } => IsTimeout(inner),
            _ => false,
        };

    /// <summary>Whether the statement was sent, and nothing is known of its end.</summary>
    public static bool MayHaveRun(Exception exception) =>
        IsForgottenStatement(exception)
        || (
            exception is NpgsqlException and not PostgresException
            && exception.Message.StartsWith("Exception while reading from stream", StringComparison.Ordinal)
        );

    /// <summary>
    /// A statement that fails just when Npgsql prepares it leaves a prepared one of which Npgsql does not know what it
    /// returns (npgsql/npgsql#6391). The next one to use it on that connection meets this, and Npgsql closes it.
    /// </summary>
    private static bool IsForgottenStatement(Exception exception) =>
        exception.Source == nameof(Npgsql)
        && exception.Message.StartsWith("Received unexpected backend message", StringComparison.Ordinal);

    /// <summary>
    /// Whether this statement alone may be failing, in a database that is well: not a connection that cannot be opened
    /// or broke, a server that stops or starts, or one that is full.
    /// </summary>
    public static bool IsOfTheStatement(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.TooManyConnections } =>
                false,
            PostgresException { SqlState: ['0', '8', ..] or ['5', '7', 'P', ..] } => false,
            PostgresException rejected => !IsOfTheServer(rejected),
            // Npgsql has the same type where no connection was free or could be opened in time.
            NpgsqlException { InnerException: TimeoutException } late => MayHaveRun(late),
            { InnerException: { } inner } => IsOfTheStatement(inner),
            _ => false,
        };

    /// <summary>
    /// Whether the server only reads: a standby between two primaries, or one whose operator or disk guard has set it
    /// to read-only. A read of ours that tried to write would look the same: the log has the statement.
    /// </summary>
    public static bool TakesNoWrites(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } or StandbyException;

    /// <summary>
    /// It ended the connection for a fault of its own. With a full disk, each new one ends with XX000.
    /// </summary>
    private static bool IsOfTheServer(PostgresException rejected) =>
        rejected is { InvariantSeverity: "FATAL" or "PANIC", SqlState: ['X', 'X', ..] or ['5', '8', ..] };

    /// <summary>
    /// The server's or an operator's: <c>statement_timeout</c>, <c>transaction_timeout</c>, that of idle transactions,
    /// or <c>pg_cancel_backend</c>. Our own is <see cref="IsTimeout"/>.
    /// </summary>
    private static bool IsOfATimeLimit(string sqlState) =>
        sqlState
            is PostgresErrorCodes.QueryCanceled
                or "25P03" // idle_in_transaction_session_timeout
                or "25P04"; // transaction_timeout, since PostgreSQL 17

    private static bool IsOfAServerThatStopsOrStarts(string sqlState) =>
        sqlState
            is PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow;
}
