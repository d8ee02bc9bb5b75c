using Practice.Host;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>A database that was set up as always, and then given everything the rules forbid.</summary>
internal sealed class BadDatabase
{
    private static readonly Lazy<Task<BadDatabase>> Made = new(MakeAsync);

    private readonly PracticeDatabase _database;

    private BadDatabase(PracticeDatabase database) => _database = database;

    public static Task<BadDatabase> Started => Made.Value;

    public Sql Owner => new(_database.OwnerConnectionString);

    public string ConnectionStringOf(string schema) => _database.ConnectionStringOf(schema);

    private static async Task<BadDatabase> MakeAsync()
    {
        var database = new PracticeDatabase(await TestServer.NewDatabaseAsync());
        await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
        var bad = new BadDatabase(database);
        await bad.Owner.Execute("""
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
            grant usage on schema groups to practice_locations;
            grant select, delete on groups.memberships to practice_locations;
            grant create on schema groups to practice_locations;
            grant insert on authority.sessions to practice_portal;
            grant update on audit.entries to practice_users;
            """);
        return bad;
    }
}
