using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;
using Practice.Locations.Data;
using Practice.Locations.Domain;
using Practice.PatientPortal.Data;

namespace Practice.Host.Tests;

/// <summary>
/// Acting as the system is a scope: inside it the rows are there, after it only the caller's, in the same transaction
/// too.
/// </summary>
public sealed class ActingScopeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inside_the_scope_the_groups_rows_are_seen_and_after_it_only_the_callers(bool inTransaction)
    {
        await using var call = await Call.StartAsync(inTransaction);
        Assert.Equal([call.Mine], await call.SeenAsync());
        using (call.Context.ActAsSystemIn(call.OtherGroup))
            Assert.Equal([call.Theirs], await call.SeenAsync());
        Assert.Equal([call.Mine], await call.SeenAsync());
        Assert.Equal([call.Mine], call.Seen());
    }

    /// <summary>The first command after the scope may be of any kind.</summary>
    [Fact]
    public async Task A_change_after_the_scope_reaches_only_the_callers_rows()
    {
        await using var call = await Call.StartAsync(inTransaction: true);
        using (call.Context.ActAsSystemIn(call.OtherGroup))
            Assert.Equal([call.Theirs], call.Seen());
        Assert.Equal(
            1,
            await call.Db.Locations.ExecuteUpdateAsync(set => set.SetProperty(location => location.Name, "Mine"))
        );

        using (call.Context.ActAsSystemIn(call.OtherGroup))
            Assert.Equal([call.Theirs], await call.SeenAsync());
        Assert.Equal(1, call.Db.Database.ExecuteSql($"update locations.locations set name = 'Mine again'"));
        await call.CommitAsync();
        Assert.Equal("Mine again", await call.NameOf(call.Mine));
        Assert.NotEqual("Mine again", await call.NameOf(call.Theirs));
    }

    [Fact]
    public async Task What_is_saved_after_the_scope_is_denied_in_the_group_that_it_was_for()
    {
        await using var call = await Call.StartAsync(inTransaction: true);
        using (call.Context.ActAsSystemIn(call.OtherGroup))
            call.Db.Add(call.NewLocation(call.OtherGroup));
        await Assert.ThrowsAsync<DbUpdateException>(() => call.Db.SaveChangesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_scope_in_a_scope_restores_the_outer_one(bool inTransaction)
    {
        await using var call = await Call.StartAsync(inTransaction);
        using (call.Context.ActAsSystemIn(call.OtherGroup))
        {
            Assert.Equal([call.Theirs], await call.SeenAsync());
            using (call.Context.ActAsSystemIn(call.ThirdGroup))
                Assert.Equal([call.Thirds], await call.SeenAsync());
            Assert.Equal([call.Theirs], await call.SeenAsync());
        }

        Assert.Equal([call.Mine], await call.SeenAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_scope_that_an_exception_leaves_is_over(bool inTransaction)
    {
        await using var call = await Call.StartAsync(inTransaction);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            using var asSystem = call.Context.ActAsSystemIn(call.OtherGroup);
            Assert.Equal([call.Theirs], await call.SeenAsync());
            throw new InvalidOperationException("in the scope");
        });
        Assert.Equal([call.Mine], await call.SeenAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_caller_nothing_is_seen_after_the_scope(bool inTransaction)
    {
        await using var call = await Call.StartAsync(inTransaction, withCaller: false);
        Assert.Empty(await call.SeenAsync());
        using (call.Context.ActAsSystemIn(call.OtherGroup))
            Assert.Equal([call.Theirs], await call.SeenAsync());
        Assert.Empty(await call.SeenAsync());
        Assert.Empty(call.Seen());
    }

    /// <summary>Nothing that a scope said is left in the transaction, whatever it was about.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_scope_no_setting_of_it_is_left(bool withCaller)
    {
        await using var call = await Call.StartAsync(inTransaction: false, withCaller);
        await using var transaction = await call.Portal.Database.BeginTransactionAsync();
        var before = await call.SettingsAsync();
        foreach (
            var scope in new Func<IDisposable>[]
            {
                () => call.Context.ActAsSystemIn(call.OtherGroup),
                () => call.Context.ActInAccount(Guid.CreateVersion7()),
                () => call.Context.ActForPerson(Guid.CreateVersion7()),
                () => call.Context.ActForAddress("PERSON@PRACTICE.TEST"),
            }
        )
        {
            using (scope())
                Assert.NotEqual(before, await call.SettingsAsync());
            Assert.Equal(before, await call.SettingsAsync());
        }

        using (call.Context.ActAsSystemIn(call.OtherGroup))
        {
            var outer = await call.SettingsAsync();
            using (call.Context.ActInAccount(Guid.CreateVersion7()))
            using (call.Context.ActForPerson(Guid.CreateVersion7()))
            using (call.Context.ActForAddress("PERSON@PRACTICE.TEST"))
                Assert.NotEqual(outer, await call.SettingsAsync());
            Assert.Equal(outer, await call.SettingsAsync());
        }

        Assert.Equal(before, await call.SettingsAsync());
    }

    /// <summary>
    /// A save may set a savepoint, and a failed one goes back to it: to what the database was told before. Had the
    /// scope ended in between, the group would be open again.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_save_that_fails_after_the_scope_does_not_open_it_again(bool withCaller)
    {
        await using var call = await Call.StartAsync(inTransaction: true, withCaller);
        call.Db.Database.AutoSavepointsEnabled = true;
        using (call.Context.ActAsSystemIn(call.OtherGroup))
            Assert.Equal([call.Theirs], await call.SeenAsync());

        call.Db.Add(call.NewLocation(call.OtherGroup));
        await Assert.ThrowsAsync<DbUpdateException>(() => call.Db.SaveChangesAsync());
        call.Db.ChangeTracker.Clear();
        Assert.Equal(withCaller ? [call.Mine] : [], await call.SeenAsync());
        Assert.Equal(withCaller ? [call.Mine] : [], call.Seen());
    }

    /// <summary>The other way round: a save that fails in the scope leaves the scope as it was.</summary>
    [Fact]
    public async Task A_save_that_fails_in_the_scope_leaves_the_scope_open()
    {
        await using var call = await Call.StartAsync(inTransaction: true);
        call.Db.Database.AutoSavepointsEnabled = true;
        Assert.Equal([call.Mine], await call.SeenAsync());
        using (call.Context.ActAsSystemIn(call.OtherGroup))
        {
            call.Db.Add(call.NewLocation(call.ThirdGroup));
            Assert.Throws<DbUpdateException>(() => call.Db.SaveChanges());
            call.Db.ChangeTracker.Clear();
            Assert.Equal([call.Theirs], await call.SeenAsync());
        }

        Assert.Equal([call.Mine], await call.SeenAsync());
    }

    /// <summary>A caller, or the system, at the DbContext of a module, and two groups that are not theirs.</summary>
    private sealed class Call : IAsyncDisposable
    {
        private readonly TestApp _app;
        private readonly AsyncServiceScope _scope;

        private Call(TestApp app, AsyncServiceScope scope, IReadOnlyList<Group> groups)
        {
            (_app, _scope) = (app, scope);
            Db = scope.ServiceProvider.GetRequiredService<LocationsDbContext>();
            Portal = scope.ServiceProvider.GetRequiredService<PatientPortalDbContext>();
            (Mine, Theirs, Thirds) = (groups[0].LocationId, groups[1].LocationId, groups[2].LocationId);
            (OtherGroup, ThirdGroup) = (groups[1].Id, groups[2].Id);
        }

        public LocationsDbContext Db { get; }

        /// <summary>Of the module whose role may act as the system in every way.</summary>
        public PatientPortalDbContext Portal { get; }

        public CallContext Context => Db.Call;

        public Guid OtherGroup { get; }

        public Guid ThirdGroup { get; }

        public Guid Mine { get; }

        public Guid Theirs { get; }

        public Guid Thirds { get; }

        public static async Task<Call> StartAsync(bool inTransaction, bool withCaller = true)
        {
            var app = await TestApp.StartedAsync();
            var groups = new List<Group>();
            while (groups.Count < 3)
                groups.Add(await (await app.SignUpAndConfirm()).CreatesGroup());
            var owner = groups[0].Owner;
            var signedIn = await app.Api.Post(
                "/api/users/sign-in",
                new { email = owner.Email, password = owner.Password }
            );
            var request = new AuthorizationRequest(
                AuthorizationRequest.Hash(signedIn.Should(200)["accessToken"].GetString()!),
                groups[0].Id,
                null,
                new AccessRequirement(Access.None, InGroup: true, Changes: false, TemporaryPassword: false)
            );

            var call = new Call(app, app.Services.CreateAsyncScope(), groups);
            call.Context.ActFor(withCaller ? request : null, null, null, null);
            if (inTransaction)
                await call.Db.Database.BeginTransactionAsync();
            return call;
        }

        /// <summary>All locations that the database shows.</summary>
        public async Task<List<Guid>> SeenAsync() => await Db.Locations.Select(location => location.Id).ToListAsync();

        public List<Guid> Seen() => [.. Db.Locations.Select(location => location.Id)];

        /// <summary>What row-level security compares with, in the portal's transaction.</summary>
        public async Task<string> SettingsAsync() =>
            (
                await Portal
                    .Database.SqlQuery<string>(
                        $"""
                        select concat_ws('|', nullif(current_setting('app.user_id', true), ''),
                            nullif(current_setting('app.group_id', true), ''),
                            nullif(current_setting('app.group_ids', true), ''),
                            nullif(current_setting('app.location_ids', true), ''),
                            nullif(current_setting('app.account_id', true), ''),
                            nullif(current_setting('app.account_ids', true), ''),
                            nullif(current_setting('app.clinical', true), ''),
                            nullif(current_setting('app.email', true), '')) as "Value"
                        """
                    )
                    .ToListAsync()
            ).Single();

        public Location NewLocation(Guid group) =>
            Location.Open(Guid.CreateVersion7(), group, "New", "Europe/London", _app.Clock.GetUtcNow());

        public Task CommitAsync() => Db.Database.CommitTransactionAsync();

        public Task<string?> NameOf(Guid location) =>
            _app.Owner.Scalar<string>("select name from locations.locations where id = $1", location);

        public ValueTask DisposeAsync() => _scope.DisposeAsync();
    }
}
