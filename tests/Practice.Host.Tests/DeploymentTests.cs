using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>Several deployments on one database server, and an owner who is no superuser.</summary>
public sealed class DeploymentTests
{
    private const string EarlierRoles = """
        select count(*) from pg_roles where rolname in ('practice_groups', 'practice_locations', 'practice_portal',
            'practice_users', 'practice_messaging', 'practice_audit', 'practice_web', 'practice_authority')
        """;

    [Fact]
    public async Task Two_deployments_on_one_server_neither_disturb_nor_reach_each_other()
    {
        await using var one = new PracticeDatabase(await TestServer.NewEmptyDatabaseAsync());
        await using var other = new PracticeDatabase(await TestServer.NewEmptyDatabaseAsync());
        await SetUpAsync(one);
        await SetUpAsync(other);
        await SetUpAsync(other);

        Assert.Equal(
            0,
            await new Sql(one.ConnectionStringOf("groups")).Scalar<long>("select count(*) from groups.groups")
        );
        var across = new NpgsqlConnectionStringBuilder(one.ConnectionStringOf("groups"))
        {
            Database = new NpgsqlConnectionStringBuilder(other.OwnerConnectionString).Database,
        };
        var denied = await Assert.ThrowsAsync<PostgresException>(() =>
            new Sql(across.ConnectionString).Scalar<long>("select 1")
        );
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
        Assert.NotEqual(one.PasswordOf("groups"), other.PasswordOf("groups"));

        await using var here = await StartAsync(one);
        await using var there = await StartAsync(other);
        var first = await (await here.SignUpAndConfirm()).CreatesGroup();
        var second = await (await there.SignUpAndConfirm()).CreatesGroup();
        await AssertHasOnlyAsync(here, first, one);
        await AssertHasOnlyAsync(there, second, other);
        (await there.Api.WithToken(first.Owner.Api.Token).Get("/api/groups")).Should(401);

        static Task<TestApp> StartAsync(PracticeDatabase database) =>
            TestApp.StartAsync(new() { ConnectionString = database.OwnerConnectionString, RolePrefix = null });

        // The call is in its database, its message in its mail, and both came by logins of its own.
        static async Task AssertHasOnlyAsync(TestApp host, Group group, PracticeDatabase database)
        {
            var email = group.Owner.Email;
            await host.SettlesAsync();
            Assert.Equal(
                group.Name,
                await host.Owner.Scalar<string>("select string_agg(name, ';') from groups.groups")
            );
            Assert.Equal(email, await host.Owner.Scalar<string>("select string_agg(email, ';') from users.accounts"));
            Assert.Equal([email], host.Mail.Recipients);
            Assert.Equal(0, await host.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
            Assert.Empty(host.Log.Errors);
            var logins = await host.Owner.Rows(
                """
                select distinct usename::text from pg_stat_activity
                where datname = current_database() and usename <> user
                """
            );
            Assert.NotEmpty(logins);
            Assert.All(logins, login =>
                Assert.StartsWith(
                    $"practice_{new NpgsqlConnectionStringBuilder(database.OwnerConnectionString).Database}_",
                    (string)login[0]!,
                    StringComparison.Ordinal
                )
            );
        }
    }

    [Fact]
    public async Task An_owner_who_may_only_create_roles_sets_up_and_migrates_the_rows_of_all_tenants()
    {
        var (asSuperuser, _, connectionString) = await TestServer.NewOwnedDatabaseAsync("an owner of few words");
        await using var database = new PracticeDatabase(connectionString);
        await SetUpAsync(database);
        Assert.Equal(
            0,
            await new Sql(database.ConnectionStringOf("groups")).Scalar<long>("select count(*) from groups.groups")
        );

        // As before the migration MembersWhoLeft, with a member who had left.
        var (group, member) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await asSuperuser.Execute("alter table groups.memberships drop column has_left");
        await asSuperuser.Execute(
            """delete from groups."__EFMigrationsHistory" where migration_id like '%MembersWhoLeft'"""
        );
        await asSuperuser.Execute(
            """
            insert into groups.memberships (group_id, user_id, email, first_name, last_name, role_type, profession, level,
                switched_on, switched_off, is_owner, location_ids, status, joined_at, deactivation_reason)
            values ($1, $2, 'a@practice.test', 'Ada', 'Moss', 'Administrator', 'other', 'Reception', 0, 0, false, '{}',
                'Deactivated', now(), 'left')
            """,
            group,
            member
        );
        await SetUpAsync(database);

        Assert.True(
            await asSuperuser.Scalar<bool>("select has_left from groups.memberships where user_id = $1", member)
        );
        Assert.Equal(
            0,
            await asSuperuser.Scalar<long>(
                "select count(*) from pg_class where relrowsecurity and not relforcerowsecurity"
            )
        );
        Assert.Equal(
            0,
            await new Sql(database.OwnerConnectionString).Scalar<long>("select count(*) from groups.memberships")
        );
    }

    /// <summary>
    /// On a server that PostgreSQL 15 had before, roles have no maker, who alone may grant and change them since 16.
    /// </summary>
    [Fact]
    public async Task An_owner_who_may_not_change_the_roles_that_are_there_sets_up_all_the_same()
    {
        var (asSuperuser, login, connectionString) = await TestServer.NewOwnedDatabaseAsync("an owner of few words");
        await using var database = new PracticeDatabase(connectionString);
        await SetUpAsync(database);
        await asSuperuser.Execute($"alter role {login} nocreaterole");
        await SetUpAsync(database);

        var role = database.RoleOf("users");
        await asSuperuser.Execute($"alter role {role} reset all");
        var (exitCode, _, said) = await HostProcess.RunAsync(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:Practice"] = connectionString,
                ["Database:RolePrefix"] = role[..^"_users".Length],
            },
            "migrate"
        );
        Assert.True(exitCode == 0, said);
        Assert.StartsWith("A host whose machine is lost may hold up the others", said, StringComparison.Ordinal);
        Assert.Contains($"alter role \"{login}\" createrole", said, StringComparison.Ordinal);

        await asSuperuser.Execute($"alter role {role} password 'another one'");
        var refused = await Assert.ThrowsAsync<RoleRightsException>(() => SetUpAsync(database));
        Assert.Contains(
            $"As a superuser: alter role \"{login}\" createrole",
            refused.Message,
            StringComparison.Ordinal
        );
        if (await asSuperuser.Scalar<bool>("select current_setting('server_version_num')::int >= 160000"))
            Assert.Contains($" {role}", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Else its locks stay for two hours, and with them all that one host does for the others.</summary>
    [Fact]
    public async Task The_server_soon_notices_a_lost_machine_unless_an_operator_has_set_limits_of_their_own()
    {
        var (asSuperuser, _, connectionString) = await TestServer.NewOwnedDatabaseAsync("an owner of few words");
        await using var database = new PracticeDatabase(connectionString);
        var role = database.RoleOf(PracticeDatabase.MessagingSchema);
        await SetUpAsync(database);
        Assert.Equal("tcp_keepalives_idle=5, tcp_keepalives_interval=2, tcp_user_timeout=10000", await LimitsAsync());

        await asSuperuser.Execute($"alter role {role} reset all");
        await asSuperuser.Execute($"alter role {role} set tcp_keepalives_idle = 60");
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await asSuperuser.Execute($"alter database \"{name}\" set tcp_user_timeout = 7000");
        await SetUpAsync(database);
        Assert.Equal("tcp_keepalives_idle=60, tcp_keepalives_interval=2", await LimitsAsync());

        Task<string?> LimitsAsync() =>
            asSuperuser.Scalar<string>(
                "select string_agg(own, ', ' order by own) from pg_roles, unnest(rolconfig) own where rolname = $1",
                role
            );
    }

    [Fact]
    public async Task What_is_encrypted_waits_for_the_former_password_when_the_owners_password_is_changed()
    {
        const string first = "an owner of few words",
            second = "an owner of other words";
        var (asSuperuser, login, connectionString) = await TestServer.NewOwnedDatabaseAsync(first);

        string before;
        await using (var database = DatabaseWith(first))
        {
            await SetUpAsync(database);
            var keys = await KeysOf(database);
            before = keys.Encrypt("a place", "a secret");
            Assert.StartsWith(EncryptionKeys.Prefix, before, StringComparison.Ordinal);
            Assert.Equal("a secret", await keys.DecryptAsync("a place", before, CancellationToken.None));
            Assert.Null(await keys.DecryptAsync("another place", before, CancellationToken.None));
        }

        await asSuperuser.Execute($"alter role {login} password '{second}'");
        await using var changed = DatabaseWith(second);
        await SetUpAsync(changed);
        var withoutFormer = await KeysOf(changed);
        var remedy = await EncryptionKeys.FindUnopenedAsync(changed, CancellationToken.None);
        Assert.StartsWith("1 of 2 encryption keys cannot be opened", remedy, StringComparison.Ordinal);
        Assert.Contains("Database:FormerPassword", remedy, StringComparison.Ordinal);
        Assert.Null(await withoutFormer.DecryptAsync("a place", before, CancellationToken.None));
        var after = withoutFormer.Encrypt("a place", "another secret");
        Assert.StartsWith(EncryptionKeys.Prefix, after, StringComparison.Ordinal);

        await using (var withFormer = DatabaseWith(second, first))
            await SetUpAsync(withFormer);
        var all = await KeysOf(changed);
        Assert.Equal("a secret", await all.DecryptAsync("a place", before, CancellationToken.None));
        Assert.Equal("another secret", await all.DecryptAsync("a place", after, CancellationToken.None));
        Assert.Null(await EncryptionKeys.FindUnopenedAsync(changed, CancellationToken.None));

        PracticeDatabase DatabaseWith(string password, string? former = null) =>
            new(
                new NpgsqlConnectionStringBuilder(connectionString) { Password = password }.ConnectionString,
                formerPassword: former
            );

        static async Task<EncryptionKeys> KeysOf(PracticeDatabase database)
        {
            var keys = new EncryptionKeys(database, TimeProvider.System, NullLogger<EncryptionKeys>.Instance);
            await keys.LoadAsync(CancellationToken.None);
            return keys;
        }
    }

    [Fact]
    public async Task Roles_of_earlier_releases_end_when_no_host_uses_them_any_more()
    {
        await using var server = await TestServer.StartOneAsync(TestFolder.New("server"));
        var owner = new Sql(server.ConnectionString);
        await UpgradeTests.LoadIntoAsync(owner);
        await owner.Execute("alter role practice_groups password 'still connected'");
        await owner.Execute("grant connect on database practice to practice_groups");
        var members = await owner.Scalar<long>("select count(*) from groups.memberships");
        var earlier = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Username = "practice_groups",
            Password = "still connected",
            Pooling = false,
        };
        await using var database = new PracticeDatabase(server.ConnectionString);
        await using (var host = new NpgsqlConnection(earlier.ConnectionString))
        {
            await host.OpenAsync();
            await SetUpAsync(database);
            Assert.Equal(8, await owner.Scalar<long>(EarlierRoles));
            Assert.Equal(1, await MarkAsync(host, "practice.groups.eventhandlers.syncreactivatedmember"));
            var denied = await Assert.ThrowsAsync<PostgresException>(() =>
                MarkAsync(host, "practice.users.mail.delivermail")
            );
            Assert.Contains("does not handle the messages of", denied.MessageText, StringComparison.Ordinal);
        }

        await Eventually.Is(async () =>
            await owner.Scalar<long>("select count(*) from pg_stat_activity where usename = 'practice_groups'") == 0
        );
        await SetUpAsync(database);
        Assert.Equal(0, await owner.Scalar<long>(EarlierRoles));
        Assert.Equal(members, await owner.Scalar<long>("select count(*) from groups.memberships"));
        await using var app = await TestApp.StartAsync(
            new TestAppOptions { ConnectionString = server.ConnectionString, RolePrefix = null }
        );
        await app.SignIn("olive@example.com", "an owner of few words");

        // As a host of that release marks the message that it has handled.
        async Task<int> MarkAsync(NpgsqlConnection host, string queue)
        {
            var id = Guid.CreateVersion7();
            await owner.Execute(
                """
                insert into messaging.wolverine_incoming_envelopes
                    (id, status, owner_id, attempts, body, message_type, received_at)
                values ($1, 'Incoming', 1, 0, '', 'a message', $2)
                """,
                id,
                $"local://{queue}/"
            );
            await using var mark = new NpgsqlCommand(
                """
                update messaging.wolverine_incoming_envelopes set status = 'Handled', keep_until = now()
                where id = $1 and status = 'Incoming'
                """,
                host
            )
            {
                Parameters = { new() { Value = id } },
            };
            try
            {
                return await mark.ExecuteNonQueryAsync();
            }
            finally
            {
                await owner.Execute("delete from messaging.wolverine_incoming_envelopes where id = $1", id);
            }
        }
    }

    private static Task SetUpAsync(PracticeDatabase database) =>
        PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
}
