using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>A database that was set up as usual, and then given everything that the rules forbid.</summary>
internal sealed class BadDatabase
{
    /// <summary>
    /// Not one of the product's logins: roles belong to the whole server, where other tests look at the real ones.
    /// </summary>
    public const string Login = "bad_login";

    private static readonly Lazy<Task<BadDatabase>> Made = new(MakeAsync);

    private readonly PracticeDatabase _database;

    private BadDatabase(PracticeDatabase database) => _database = database;

    public static Task<BadDatabase> Started => Made.Value;

    public Sql Owner => new(_database.OwnerConnectionString);

    public string ConnectionStringOf(string schema) => _database.ConnectionStringOf(schema);

    /// <summary>The bad login's; its password protects nothing.</summary>
    public string ConnectionStringOfLogin =>
        new NpgsqlConnectionStringBuilder(_database.OwnerConnectionString)
        {
            Username = Login,
            Password = Login,
            Pooling = false,
        }.ConnectionString;

    private static async Task<BadDatabase> MakeAsync()
    {
        var database = TestServer.DatabaseAt(await TestServer.NewDatabaseAsync());
        var bad = new BadDatabase(database);
        await bad.Owner.Execute(
            $"""
            create table locations.bad (group_id uuid references groups.groups);
            create table locations.half_protected (group_id uuid);
            alter table locations.half_protected enable row level security;
            create table locations.without_policy (group_id uuid);
            alter table locations.without_policy enable row level security;
            alter table locations.without_policy force row level security;
            create table locations.wide_open (group_id uuid);
            alter table locations.wide_open enable row level security;
            alter table locations.wide_open force row level security;
            create policy everything on locations.wide_open using (true);
            create table locations.open_to_write (group_id uuid);
            alter table locations.open_to_write enable row level security;
            alter table locations.open_to_write force row level security;
            create policy by_group on locations.open_to_write using (group_id = (select
                nullif(current_setting('app.group_id', true), '')::uuid)) with check (true);
            create table portal.of_an_account (account_id uuid);
            create table portal.of_nobody (note text);
            create view locations.window as select * from groups.memberships;
            create function locations.reach() returns bigint language sql security definer as
                'select count(*) from groups.memberships';
            grant usage on schema groups to practice_locations;
            grant select, delete on groups.memberships to practice_locations;
            grant select on locations.window to practice_locations;
            grant create on schema groups to practice_locations;
            grant insert on authority.sessions to practice_portal;
            grant execute on function authority.write_membership to practice_portal;
            grant select on audit.entries to practice_users;
            grant truncate on messaging.wolverine_incoming_envelopes to practice_users;
            grant select on groups.groups to practice_messaging;
            grant usage on schema groups to practice_messaging;
            do $$ begin execute format('grant temporary on database %I to practice_audit', current_database()); end $$;
            do $$ begin
                create role {Login} login bypassrls password '{Login}';
            exception when duplicate_object then null; end $$;
            grant practice_authority to {Login};
            grant usage on schema groups to {Login};
            grant connect on database {new NpgsqlConnectionStringBuilder(
                database.OwnerConnectionString
            ).Database} to {Login};
            create table groups.owned_by_a_login (group_id uuid);
            alter table groups.owned_by_a_login owner to {Login};
            """
        );
        return bad;
    }
}
