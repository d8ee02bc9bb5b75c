using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Npgsql;

namespace Practice.Groups.Tests;

/// <summary>
/// <c>kill -9</c> of the host between any two steps of adding a user leaves nothing half-added, and a repeated call
/// completes it. A lock on the table that the step writes next stops it, so the host is killed at exactly that point.
/// </summary>
public sealed class CrashTests(CrashTests.Crash crash) : IClassFixture<CrashTests.Crash>
{
    [Theory]
    [InlineData("groups.reservations")] // before the email is reserved
    [InlineData("users.accounts")] // reserved, no account
    [InlineData("groups.memberships")] // an account, no membership
    [InlineData("messaging.wolverine_incoming_envelopes")] // a membership, but not its events
    public async Task Killed_between_two_steps_nothing_is_half_added_and_the_repeat_completes_it(string table)
    {
        var email = People.NewEmail();

        await using (await crash.BlockAsync(table))
        {
            var call = crash.Group.Owner.Api.Post(
                $"{crash.Group.Path}/members",
                Group.Member(email, "reception", "the first of two passwords")
            );
            await crash.UntilBlockedAsync();
            await crash.Host.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        }

        await crash.RestartAsync();
        Assert.Empty((await crash.Group.Owner.Api.Get($"{crash.Group.Path}/members?search={email}")).Should(200).Items);
        Assert.Equal(
            0L,
            await crash.Sql.Scalar<long>(
                """
                select count(*) from authority.memberships m join users.accounts a on a.id = m.user_id
                where lower(a.email) = $1
                """,
                email
            )
        );

        var added = await crash.Group.Owner.Api.Post(
            $"{crash.Group.Path}/members",
            Group.Member(email, "reception", "the second of two passwords")
        );
        Assert.Equal("added", added.Should(201)["outcome"].GetString());
        await crash.IsOneWholeMemberAsync(email, "the second of two passwords");
    }

    [Theory]
    [InlineData("groups.reservations")]
    [InlineData("users.accounts")]
    [InlineData("groups.memberships")]
    [InlineData("messaging.wolverine_incoming_envelopes")]
    public async Task An_import_killed_between_two_steps_has_half_added_nobody_and_the_repeat_completes_it(string table)
    {
        await crash.NewGroupAsync();
        var emails = Enumerable.Range(0, 3).Select(_ => People.NewEmail()).ToList();

        await using (await crash.BlockAsync(table))
        {
            var call = Import(emails);
            await crash.UntilBlockedAsync();
            await crash.Host.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        }

        await crash.RestartAsync();
        Assert.Single((await crash.Group.Owner.Api.Get($"{crash.Group.Path}/members")).Should(200).Items);

        Assert.All((await Import(emails)).Should(200).Items, row =>
            Assert.Equal("accepted", row.GetProperty("verdict").GetString())
        );
        foreach (var email in emails)
            await crash.IsOneWholeMemberAsync(email, password: null);
    }

    [Fact]
    public async Task Killed_after_the_answer_the_welcome_mail_still_goes_out_once()
    {
        var email = People.NewEmail();
        await using (await crash.BlockAsync("users.links"))
        {
            (
                await crash.Group.Owner.Api.Post(
                    $"{crash.Group.Path}/members",
                    Group.Member(email, "reception", "the first of two passwords")
                )
            ).Should(201);
            await crash.UntilBlockedAsync();
            await crash.Host.KillAsync();
        }

        await crash.RestartAsync();
        await crash.IsOneWholeMemberAsync(email, "the first of two passwords");
    }

    [Fact]
    public async Task Killed_under_load_what_was_answered_is_kept_and_nothing_is_done_twice()
    {
        await crash.NewGroupAsync();
        var answered = new ConcurrentBag<string>();
        var wanted = Enumerable.Range(0, 16).Select(_ => People.NewEmail()).ToList();
        var queue = new ConcurrentQueue<string>(wanted);
        var load = Enumerable
            .Range(0, 4)
            .Select(async _ =>
            {
                while (queue.TryDequeue(out var email))
                {
                    try
                    {
                        if ((await Add(email)).Status == 201)
                            answered.Add(email);
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }
                }
            })
            .ToList();

        await Eventually.Is(() => Task.FromResult(answered.Count >= 4));
        await crash.Host.KillAsync();
        await Task.WhenAll(load);
        await crash.RestartAsync();

        foreach (var email in wanted.Except(answered)) // 409: committed, but killed before it answered
            Assert.True((await Add(email)).Status is 201 or 409, email);
        var members = (await crash.Group.Owner.Api.GetAll($"{crash.Group.Path}/members")).ConvertAll(item =>
            item.GetProperty("email").GetString()!
        );
        Assert.Equal(
            [crash.Group.Owner.Email, .. wanted.Order(StringComparer.Ordinal)],
            members
                .OrderBy(email => email == crash.Group.Owner.Email ? 0 : 1)
                .ThenBy(email => email, StringComparer.Ordinal)
        );
        foreach (var email in wanted)
            await crash.IsOneWholeMemberAsync(email, "a password under load");
        Assert.Equal(0L, await crash.Sql.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
    }

    private Task<Answer> Import(IEnumerable<string> emails)
    {
        string[] rows =
        [
            "firstName,lastName,roleType,profession,email,accessLevel",
            .. emails.Select(email => $"Ada,Moss,administrator,receptionist,{email},reception"),
        ];
        var file = new StringContent(string.Join('\n', rows), new MediaTypeHeaderValue("text/csv"));
        return crash.Group.Owner.Api.Post($"{crash.Group.Path}/members/import", file);
    }

    private Task<Answer> Add(string email) =>
        crash.Group.Owner.Api.Post(
            $"{crash.Group.Path}/members",
            Group.Member(email, "reception", "a password under load")
        );

    /// <summary>A host in its own process. Each test kills it and restarts it on the same database.</summary>
    public sealed class Crash : IAsyncLifetime
    {
        private readonly string _data = Path.Combine(TestFolder.Path, Guid.CreateVersion7().ToString());
        private string _connectionString = "";

        internal Sql Sql => new(_connectionString);

        internal HostProcess Host { get; private set; } = null!;

        internal Group Group { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _connectionString = await TestServer.NewDatabaseAsync();
            Host = await StartHostAsync();
            await NewGroupAsync();
            await WarmUpAsync();
        }

        internal async Task NewGroupAsync() => Group = await (await Host.SignUpAndConfirm()).CreatesGroup();

        /// <summary>A first request, so that compiling on first use does not blur the point of the kill.</summary>
        private async Task WarmUpAsync() =>
            (await Group.Owner.Api.Post($"{Group.Path}/members", Group.Member(People.NewEmail(), "reception"))).Should(
                422
            );

        internal async Task RestartAsync()
        {
            Host = await StartHostAsync();
            var owner = Group.Owner;
            var token = (
                await Host.Api.Post("/api/users/sign-in", new { email = owner.Email, password = owner.Password })
            )
                .Should(200)["accessToken"]
                .GetString();
            Group = Group with { Host = Host, Owner = owner with { Host = Host, Api = Host.Api.WithToken(token) } };
            await WarmUpAsync();
        }

        /// <summary>Blocks writes to this table until disposed.</summary>
        internal async Task<IAsyncDisposable> BlockAsync(string table)
        {
            var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString
            );
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"begin; lock table {table} in exclusive mode", connection);
            await command.ExecuteNonQueryAsync();
            return connection;
        }

        /// <summary>
        /// Waits until a module waits for the lock. Wolverine's housekeeping may wait too, and does not count.
        /// </summary>
        internal Task UntilBlockedAsync() =>
            Eventually.Is(async () =>
                await Sql.Scalar<long>(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'
                      and usename in ('practice_groups', 'practice_users')
                    """
                ) > 0
            );

        /// <summary>
        /// Checks that there is one member, one account that signs in with this password, if it has one, and one
        /// welcome mail.
        /// </summary>
        internal async Task IsOneWholeMemberAsync(string email, string? password)
        {
            Assert.Single((await Group.Owner.Api.Get($"{Group.Path}/members?search={email}")).Should(200).Items);
            Assert.Equal(
                1L,
                await Sql.Scalar<long>("select count(*) from users.accounts where lower(email) = $1", email)
            );
            Assert.Equal(0L, await Sql.Scalar<long>("select count(*) from groups.reservations"));
            if (password is not null)
                await Host.SignIn(email, password);
            await Host.Mail.WaitFor(email);
            await Eventually.Is(async () =>
                await Sql.Scalar<long>(
                    "select count(*) from messaging.wolverine_incoming_envelopes where status = 'Incoming'"
                ) == 0
            );
            Assert.Single(Host.Mail.To(email));
        }

        public async Task DisposeAsync() => await Host.DisposeAsync();

        private Task<HostProcess> StartHostAsync() =>
            HostProcess.StartAsync(
                _data,
                new Dictionary<string, string?>
                {
                    ["ConnectionStrings:Practice"] = _connectionString,
                    ["PublicUrl"] = "https://practice.test",
                }
            );
    }
}
