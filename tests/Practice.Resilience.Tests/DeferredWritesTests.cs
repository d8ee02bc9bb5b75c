using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using Practice.Shared.Messaging;

namespace Practice.Resilience.Tests;

/// <summary>What is written after a call, because the database was away during it.</summary>
public sealed class DeferredWritesTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly ILoggerFactory _logging;
    private readonly DeferredWrites _writes;
    private volatile bool _away = true;
    private int _written;

    public DeferredWritesTests()
    {
        _logging = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _writes = new DeferredWrites(_logging.CreateLogger<DeferredWrites>());
    }

    public void Dispose()
    {
        _writes.Dispose();
        _logging.Dispose();
    }

    [Fact]
    public async Task They_are_done_when_the_database_is_back()
    {
        await _writes.StartAsync(CancellationToken.None);
        Add(2);
        await Eventually.Is(() => Task.FromResult(_tries >= 2));
        Assert.Equal(0, _written);

        _away = false;

        await Eventually.Is(() => Task.FromResult(_written == 2));
        await _writes.StopAsync(CancellationToken.None);
        Assert.Equal(2, _written);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task They_are_given_up_after_their_limit_and_the_log_says_what_follows()
    {
        await _writes.StartAsync(CancellationToken.None);
        Add(1, TimeSpan.Zero);

        await Eventually.Is(() => Task.FromResult(_log.Lines.Any()));

        Assert.Contains(
            "Could not store a number in 0 s, and gave up. It is missing. Check the database.",
            Assert.Single(_log.Lines),
            StringComparison.Ordinal
        );
        await _writes.StopAsync(CancellationToken.None);
        Assert.Equal(1, _tries);
    }

    [Fact]
    public async Task One_that_is_wrong_is_not_tried_again_and_holds_up_no_other()
    {
        _away = false;
        _writes.Add(new DeferredWrite("a number", "It is missing.", Long, _ => throw new InvalidOperationException()));
        Add(1);
        await _writes.StartAsync(CancellationToken.None);

        await Eventually.Is(() => Task.FromResult(_written == 1));

        await _writes.StopAsync(CancellationToken.None);
        Assert.Contains("Could not store a number.", Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_so_many_are_kept_in_memory()
    {
        Add(DeferredWrites.MaxWaiting);
        Assert.Empty(_log.Lines);

        Add(1);

        Assert.Contains("1000 others wait", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_the_host_stops_each_is_tried_once_more()
    {
        await _writes.StartAsync(CancellationToken.None);
        Add(3);
        await Eventually.Is(() => Task.FromResult(_tries >= 1));
        _away = false;

        await _writes.StopAsync(CancellationToken.None);

        Assert.Equal(3, _written);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task What_a_host_that_stops_could_not_write_is_in_its_log()
    {
        await _writes.StartAsync(CancellationToken.None);
        Add(2);

        await _writes.StopAsync(CancellationToken.None);

        Assert.Equal(2, _log.Lines.Count(IsOfAStop));
        Add(1); // by a call that ends later
        Assert.Equal(3, _log.Lines.Count(IsOfAStop));

        static bool IsOfAStop(string line) => line.Contains("before the host stopped", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_waits_and_is_still_this_hosts_is_released()
    {
        await using var source = NpgsqlDataSource.Create(await TestServer.NewDatabaseAsync());
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        await using (
            var insert = source.CreateCommand(
                """
                insert into messaging.wolverine_incoming_envelopes
                    (id, status, owner_id, attempts, body, message_type, received_at)
                values ($1, 'Incoming', 7, 0, '', 'a', 'local://a/'), ($2, 'Incoming', 8, 0, '', 'a', 'local://a/'),
                    ($3, 'Handled', 7, 0, '', 'a', 'local://a/')
                """
            )
        )
        {
            foreach (var id in ids)
                insert.Parameters.Add(new() { Value = id });
            await insert.ExecuteNonQueryAsync();
        }

        await UncertainCommit.ReleaseAsync(source, 7, ids, CancellationToken.None);

        await using var owners = source.CreateCommand(
            "select array(select owner_id from messaging.wolverine_incoming_envelopes order by array_position($1, id))"
        );
        owners.Parameters.Add(new() { Value = ids });
        var now = (int[]?)await owners.ExecuteScalarAsync();
        Assert.Equal(new[] { 0, 8, 7 }, now);
    }

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private int _tries;

    private void Add(int number, TimeSpan? limit = null)
    {
        for (var count = 0; count < number; count++)
            _writes.Add(new DeferredWrite("a number", "It is missing.", limit ?? Long, WriteAsync));
    }

    private Task WriteAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _tries);
        if (_away)
            throw _tries % 2 == 0
                ? new NpgsqlException("away", new SocketException())
                : new PostgresException("a standby", "ERROR", "ERROR", PostgresErrorCodes.ReadOnlySqlTransaction);
        Interlocked.Increment(ref _written);
        return Task.CompletedTask;
    }
}
