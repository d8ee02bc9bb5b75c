using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>The primary has committed, and no standby has said in time that it has it, too.</summary>
internal sealed class StandbyDidNotConfirmException()
    : NpgsqlException("No standby has confirmed the commit in time.", new TimeoutException());

/// <summary>
/// With synchronous replication the server waits until a standby has a commit. Npgsql ends that wait at its time limit,
/// and then reports success, with a mere notice that only the primary has it. This listens for that notice.
/// </summary>
internal sealed class CommitConfirmation : IDisposable
{
    /// <summary>The function of PostgreSQL that waits. The text of its notice is in the server's language.</summary>
    private const string Waiting = "SyncRepWaitForLSN";

    private readonly NpgsqlConnection _connection;
    private bool _isMissing;

    public CommitConfirmation(NpgsqlConnection connection)
    {
        _connection = connection;
        _connection.Notice += OnNotice;
    }

    public void Dispose() => _connection.Notice -= OnNotice;

    /// <exception cref="StandbyDidNotConfirmException" />
    public void ThrowIfMissing()
    {
        if (_isMissing)
            throw new StandbyDidNotConfirmException();
    }

    private void OnNotice(object sender, NpgsqlNoticeEventArgs e) => _isMissing |= e.Notice.Routine == Waiting;
}
