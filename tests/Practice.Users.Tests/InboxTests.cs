using Npgsql;

namespace Practice.Users.Tests;

/// <summary>The mark that a message was handled is part of the handler's transaction (docs/adr/0002).</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_message_that_another_attempt_has_handled_is_rolled_back_and_discarded()
    {
        var group = await (await _app.SignUpAndConfirm()).CreatesGroup();
        var person = await _app.SignUpAndConfirm();
        await using (var held = new NpgsqlConnection(_app.ConnectionString))
        {
            await held.OpenAsync();
            await using var transaction = await held.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand(
                "select from users.accounts where id = $1 for update",
                held,
                transaction
            )
            {
                Parameters = { new() { Value = person.Id } },
            };
            await hold.ExecuteNonQueryAsync();
            (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))).Should(201);
            await Eventually.Is(() =>
                _app.Owner.Scalar<bool>(
                    """
                    select exists (select from pg_stat_activity
                        where datname = current_database() and usename like '%users' and wait_event_type = 'Lock')
                    """
                )
            );
            Assert.Equal(1, await AnotherHost.HandlesInvitation(_app));
        }

        await Eventually.Is(async () => AnotherHost.WasFirst(_app) || await Notifications(person) > 0);
        await _app.SettlesAsync();
        Assert.Equal(0L, await Notifications(person));
        Assert.Equal(0L, await _app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
    }

    [Fact]
    public async Task A_handled_message_keeps_its_id_and_loses_its_content()
    {
        await (await _app.SignUpAndConfirm()).CreatesGroup();
        await _app.SettlesAsync();
        const string handled = "select count(*) from messaging.wolverine_incoming_envelopes where status = 'Handled'";
        Assert.NotEqual(0L, await _app.Owner.Scalar<long>(handled));
        Assert.Empty(
            (
                await _app.Owner.Rows(
                    """
                    select message_type from messaging.wolverine_incoming_envelopes
                    where status = 'Handled' and length(body) > 0
                    """
                )
            ).Select(row => $"{row[0]}")
        );
    }

    private Task<long> Notifications(Person person) =>
        _app.Owner.Scalar<long>("select count(*) from users.notifications where account_id = $1", person.Id);
}
