using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Authorization;
using Practice.Locations.Data;
using Practice.Locations.Domain;
using Practice.Shared.Persistence;
using Practice.Users.Data;

namespace Practice.Host.Tests;

/// <summary>
/// Every kind of command of a module's DbContext is authorized: readers, scalars, non-queries and saves; sync and
/// async; outside and inside a transaction that the slice began itself. None names a group: what a caller sees is what
/// row-level security shows.
/// </summary>
public sealed class RowSecurityTests
{
    /// <summary>Who calls.</summary>
    public enum By
    {
        Member,
        Stranger,
        Expired,
        Nobody,
    }

    /// <summary>
    /// A command and the rows that it answers with or affects, for a member of a group with one location.
    /// </summary>
    /// <param name="Changes">Whether it changes the group's location.</param>
    private sealed record Command(
        string Name,
        bool Changes,
        Func<LocationsDbContext, Location, long> Sync,
        Func<LocationsDbContext, Location, Task<long>> Async
    );

    private static readonly Command[] Commands =
    [
        new(
            "reader",
            false,
            (db, _) => db.Locations.AsNoTracking().ToList().Count,
            async (db, _) => (await db.Locations.AsNoTracking().ToListAsync()).Count
        ),
        new(
            "streaming reader",
            false,
            (db, _) => db.Locations.AsNoTracking().AsEnumerable().Count(),
            async (db, _) => await db.Locations.AsNoTracking().AsAsyncEnumerable().CountAsync()
        ),
        new("count", false, (db, _) => db.Locations.Count(), async (db, _) => await db.Locations.CountAsync()),
        new(
            "any",
            false,
            (db, _) => db.Locations.Any() ? 1 : 0,
            async (db, _) => await db.Locations.AnyAsync() ? 1 : 0
        ),
        new(
            "SQL query",
            false,
            (db, _) => db.Database.SqlQuery<Guid>($"select id as \"Value\" from locations.locations").ToList().Count,
            async (db, _) =>
                (
                    await db.Database.SqlQuery<Guid>($"select id as \"Value\" from locations.locations").ToListAsync()
                ).Count
        ),
        new(
            "scalar",
            false,
            (db, _) => (long)Scalar(db).Command.ExecuteScalar(Scalar(db).Parameters)!,
            async (db, _) => (long)(await Scalar(db).Command.ExecuteScalarAsync(Scalar(db).Parameters))!
        ),
        new(
            "SQL",
            true,
            (db, _) => db.Database.ExecuteSql($"update locations.locations set name = 'Changed'"),
            async (db, _) => await db.Database.ExecuteSqlAsync($"update locations.locations set name = 'Changed'")
        ),
        new(
            "update",
            true,
            (db, _) => db.Locations.ExecuteUpdate(set => set.SetProperty(location => location.Name, "Changed")),
            async (db, _) =>
                await db.Locations.ExecuteUpdateAsync(set => set.SetProperty(location => location.Name, "Changed"))
        ),
        new(
            "delete",
            true,
            (db, _) => db.Locations.ExecuteDelete(),
            async (db, _) => await db.Locations.ExecuteDeleteAsync()
        ),
        new(
            "save",
            true,
            (db, location) => Changed(db, location).SaveChanges(),
            async (db, location) => await Changed(db, location).SaveChangesAsync()
        ),
    ];

    public static TheoryData<string, bool, bool, By> Cases()
    {
        var cases = new TheoryData<string, bool, bool, By>();
        foreach (var command in Commands)
        foreach (var asynchronous in new[] { false, true })
        foreach (var inTransaction in new[] { false, true })
        foreach (var by in Enum.GetValues<By>())
            cases.Add(command.Name, asynchronous, inTransaction, by);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_command_is_authorized(string name, bool asynchronous, bool inTransaction, By by)
    {
        var practice = await Practice.OpenedAsync();
        var command = Commands.Single(command => command.Name == name);
        await using var scope = practice.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LocationsDbContext>();
        db.Call.ActFor(practice.RequestOf(by), null, null, null);

        if (by == By.Member)
        {
            Assert.Equal(1, await RunAsync());
            Assert.Equal(practice.Owner, db.Call.Caller.UserId);
            Assert.Equal(command.Changes, await practice.IsChangedAsync());
        }
        else
        {
            var denied = await DeniedAsync(RunAsync);
            Assert.Equal(by == By.Stranger ? "request.not_found" : "auth.not_signed_in", denied.Error.Code);
            Assert.Equal(Caller.Nobody, db.Call.Caller);
            Assert.False(await practice.IsChangedAsync());
        }

        async Task<long> RunAsync()
        {
            if (!inTransaction)
                return asynchronous ? await command.Async(db, practice.Location) : command.Sync(db, practice.Location);
            await using var transaction = await db.Database.BeginTransactionAsync();
            var rows = asynchronous ? await command.Async(db, practice.Location) : command.Sync(db, practice.Location);
            await transaction.CommitAsync();
            return rows;
        }
    }

    /// <summary>A table without row-level security has nothing but the authorization itself to stop a change.</summary>
    [Theory]
    [InlineData(By.Stranger, false)]
    [InlineData(By.Stranger, true)]
    [InlineData(By.Expired, false)]
    [InlineData(By.Expired, true)]
    [InlineData(By.Nobody, false)]
    [InlineData(By.Nobody, true)]
    public async Task A_denied_change_changes_nothing_where_no_policy_stops_it(By by, bool inTransaction)
    {
        var practice = await Practice.OpenedAsync();
        foreach (
            var change in new Func<UsersDbContext, Task<int>>[]
            {
                db =>
                    db.Accounts.Where(account => account.Id == practice.Owner)
                        .ExecuteUpdateAsync(set => set.SetProperty(account => account.FirstName, "Changed")),
                db =>
                    Task.FromResult(
                        db.Accounts.Where(account => account.Id == practice.Owner)
                            .ExecuteUpdate(set => set.SetProperty(account => account.FirstName, "Changed"))
                    ),
                db =>
                    db.Database.ExecuteSqlAsync(
                        $"update users.accounts set first_name = 'Changed' where id = {practice.Owner}"
                    ),
                async db => (await ChangeByReading(db, practice.Owner).ToListAsync()).Count,
                db => Task.FromResult(ChangeByReading(db, practice.Owner).ToList().Count),
            }
        )
        {
            await using var scope = practice.App.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
            db.Call.ActFor(practice.RequestOf(by), null, null, null);
            await DeniedAsync(async () =>
            {
                if (!inTransaction)
                    return await change(db);
                await using var transaction = await db.Database.BeginTransactionAsync();
                var changed = await change(db);
                await transaction.CommitAsync();
                return changed;
            });
        }

        Assert.Equal(
            0L,
            await practice.App.Owner.Scalar<long>(
                "select count(*) from users.accounts where id = $1 and first_name = 'Changed'",
                practice.Owner
            )
        );
    }

    /// <summary>
    /// A read outside a transaction runs before it is known whether the caller may: so it can't change.
    /// </summary>
    [Fact]
    public async Task A_read_outside_a_transaction_cannot_change()
    {
        var practice = await Practice.OpenedAsync();
        await using var scope = practice.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
        db.Call.ActFor(practice.RequestOf(By.Member), null, null, null);
        var denied = await Assert.ThrowsAsync<PostgresException>(() =>
            ChangeByReading(db, practice.Owner).ToListAsync()
        );
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, denied.SqlState);
        using (db.Call.ActForPerson(practice.Owner))
            Assert.Throws<PostgresException>(() => ChangeByReading(db, practice.Owner).ToList());

        Assert.Equal(1, await db.Accounts.CountAsync(account => account.Id == practice.Owner)); // and is over with it
        await using var transaction = await db.Database.BeginTransactionAsync();
        Assert.Single(await ChangeByReading(db, practice.Owner).ToListAsync());
    }

    private static IQueryable<Guid> ChangeByReading(UsersDbContext db, Guid account) =>
        db.Database.SqlQueryRaw<Guid>(
            "update users.accounts set first_name = 'Changed' where id = {0} returning id as \"Value\"",
            account
        );

    private static readonly DirectRead<Guid> Read = new("select id from locations.locations where $1 < $2", row =>
        row.GetGuid(0)
    );

    private static readonly DirectRead<Guid> Change = new(
        "update locations.locations set name = 'Changed' where $1 < $2 returning id",
        row => row.GetGuid(0)
    );

    /// <summary>Plain SQL sees what EF sees, changes nothing, and is for callers alone.</summary>
    [Theory]
    [InlineData(By.Member)]
    [InlineData(By.Stranger)]
    [InlineData(By.Expired)]
    [InlineData(By.Nobody)]
    public async Task A_direct_read_is_authorized_and_only_reads(By by)
    {
        var practice = await Practice.OpenedAsync();
        await using var scope = practice.App.Services.CreateAsyncScope();
        var call = scope.ServiceProvider.GetRequiredService<CallContext>();
        var reads = scope.ServiceProvider.GetRequiredService<DirectReads<LocationsDbContext>>();
        call.ActFor(practice.RequestOf(by), null, null, null);
        if (by == By.Member)
        {
            Assert.Equal([practice.Location.Id], await reads.ListAsync(Read.With(1, 2), default));
            Assert.Equal(practice.Owner, call.Caller.UserId);
            Assert.Equal(practice.Location.Id, await reads.FindAsync(Read.With(1, 2), default));
            Assert.Equal(default, await reads.FindAsync(Read.With(2, 1), default));
            var denied = await Assert.ThrowsAsync<PostgresException>(() => reads.ListAsync(Change.With(1, 2), default));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, denied.SqlState);
        }
        else
        {
            await DeniedAsync(async () => (await reads.ListAsync(Read.With(1, 2), default)).Count);
            await DeniedAsync(async () => await reads.FindAsync(Change.With(1, 2), default) == default ? 0 : 1);
            Assert.Equal(Caller.Nobody, call.Caller);
        }

        Assert.False(await practice.IsChangedAsync());
        call.ActFor(null, practice.Location.GroupId, null, null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reads.ListAsync(Read.With(1, 2), default));
        call.ActFor(practice.RequestOf(By.Member), null, null, null);
        using (call.ActAsSystemIn(practice.Location.GroupId))
            await Assert.ThrowsAsync<InvalidOperationException>(() => reads.ListAsync(Read.With(1, 2), default));
    }

    /// <summary>Each transaction of a scope is authorized for itself.</summary>
    [Fact]
    public async Task A_second_transaction_is_authorized_again()
    {
        var practice = await Practice.OpenedAsync();
        await using var scope = practice.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LocationsDbContext>();
        db.Call.ActFor(practice.RequestOf(By.Member), null, null, null);
        await using (await db.Database.BeginTransactionAsync())
            Assert.Equal(1, await db.Locations.CountAsync());
        await using (await db.Database.BeginTransactionAsync())
            Assert.Equal(1, await db.Locations.CountAsync());

        await practice.App.Owner.Execute(
            "delete from authority.sessions where token_hash = $1",
            practice.RequestOf(By.Member)!.TokenHash!
        );
        await using (await db.Database.BeginTransactionAsync())
            await DeniedAsync(async () => await db.Locations.CountAsync());
    }

    /// <summary>Each change outside a transaction is authorized for itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_change_outside_a_transaction_is_authorized_again(bool asynchronous)
    {
        var practice = await Practice.OpenedAsync();
        await using var scope = practice.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LocationsDbContext>();
        db.Call.ActFor(practice.RequestOf(By.Member), null, null, null);
        Assert.Equal(1, await ChangeAsync());
        Assert.Equal(1, await ChangeAsync());

        await practice.App.Owner.Execute(
            "delete from authority.sessions where token_hash = $1",
            practice.RequestOf(By.Member)!.TokenHash!
        );
        await DeniedAsync(async () => await ChangeAsync());

        async Task<int> ChangeAsync() =>
            asynchronous
                ? await db.Locations.ExecuteUpdateAsync(set => set.SetProperty(location => location.Name, "Changed"))
                : db.Locations.ExecuteUpdate(set => set.SetProperty(location => location.Name, "Changed"));
    }

    /// <summary>The text depends on no value, so that PostgreSQL prepares it once for all callers.</summary>
    [Fact]
    public async Task All_callers_share_one_prepared_statement()
    {
        const int calls = 8;
        var practices = new List<Practice>();
        while (practices.Count < 3)
            practices.Add(await Practice.OpenedAsync());
        await using var scope = practices[0].App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LocationsDbContext>();
        await db.Database.OpenConnectionAsync(); // one connection, since statements are prepared on each
        foreach (var practice in practices)
        {
            for (var call = 0; call < calls; call++)
            {
                db.Call.ActFor(practice.RequestOf(By.Member), null, null, null);
                var shown = await db
                    .Locations.TagWith(nameof(All_callers_share_one_prepared_statement))
                    .Select(location => location.Id)
                    .ToListAsync();
                Assert.Equal([practice.Location.Id], shown);
            }
        }

        db.Call.ActFor(null, null, null, null);
        Assert.Equal(
            [1L, 1L],
            await db
                .Database.SqlQuery<long>(
                    $"""
                    select count(*) as "Value" from pg_prepared_statements
                    where statement like '%All_callers_share_one%' and statement ilike '%from locations.locations%'
                        and statement not like '%pg_prepared_statements%' and generic_plans + custom_plans > 1
                    union all
                    select count(*) from pg_prepared_statements
                    where statement like '%authority.only_read()%from (select authority.authorize(%'
                        and statement not like '%pg_prepared_statements%'
                    """
                )
                .ToListAsync()
        );
    }

    private static async Task<AccessDeniedException> DeniedAsync(Func<Task<long>> run)
    {
        var failed = await Record.ExceptionAsync(run);
        // A save tells of what stopped it in its own exception.
        return Assert.IsType<AccessDeniedException>(failed is DbUpdateException ? failed.InnerException : failed);
    }

    private static Task<AccessDeniedException> DeniedAsync(Func<Task<int>> run) =>
        DeniedAsync(async () => (long)await run());

    private static (IRelationalCommand Command, RelationalCommandParameterObject Parameters) Scalar(
        LocationsDbContext db
    ) =>
        (
            db.GetService<IRelationalCommandBuilderFactory>()
                .Create()
                .Append("select count(*) from locations.locations")
                .Build(),
            new RelationalCommandParameterObject(
                db.GetService<IRelationalConnection>(),
                null,
                null,
                db,
                db.GetService<IRelationalCommandDiagnosticsLogger>()
            )
        );

    private static LocationsDbContext Changed(LocationsDbContext db, Location location)
    {
        db.Attach(location);
        location.Describe("Changed", null, null, location.TimeZone, null, null);
        return db;
    }

    /// <summary>A group with one location, its owner, and what callers come with.</summary>
    private sealed record Practice(TestApp App, Guid Group, Guid Owner, Location Location, string[] Tokens)
    {
        public static async Task<Practice> OpenedAsync()
        {
            var app = await TestApp.StartedAsync();
            var group = await (await app.SignUpAndConfirm()).CreatesGroup();
            var stranger = await app.SignUpAndConfirm();
            string[] tokens =
            [
                await TokenAsync(app, group.Owner),
                await TokenAsync(app, stranger),
                await TokenAsync(app, group.Owner),
            ];
            await app.Owner.Execute(
                "update authority.sessions set expires_at = now() - interval '1 second' where token_hash = $1",
                AuthorizationRequest.Hash(tokens[(int)By.Expired])
            );
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<LocationsDbContext>();
            db.Call.ActFor(null, group.Id, null, null);
            return new(app, group.Id, group.Owner.Id, await db.Locations.AsNoTracking().SingleAsync(), tokens);
        }

        public AuthorizationRequest RequestOf(By by) =>
            new(
                by == By.Nobody ? null : AuthorizationRequest.Hash(Tokens[(int)by]),
                Group,
                null,
                new AccessRequirement(Access.None, InGroup: true, Changes: false, TemporaryPassword: false)
            );

        public async Task<bool> IsChangedAsync() =>
            await App.Owner.Scalar<long>(
                "select count(*) from locations.locations where id = $1 and name <> 'Changed'",
                Location.Id
            ) == 0;

        private static async Task<string> TokenAsync(TestApp app, Person person) =>
            (await app.Api.Post("/api/users/sign-in", new { email = person.Email, password = person.Password }))
                .Should(200)["accessToken"]
                .GetString()!;
    }
}
