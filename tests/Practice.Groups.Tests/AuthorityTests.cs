using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Tests;

/// <summary>What the authority knows of a membership is saved with it, or not at all.</summary>
public sealed class AuthorityTests
{
    [Fact]
    public async Task A_save_that_fails_leaves_the_access_as_it_was()
    {
        await using var change = await Change.BeginAsync();
        await using var transaction = await change.Db.Database.BeginTransactionAsync();
        change.Deactivate();
        await change.App.Owner.Execute(
            "update groups.memberships set registration_number = 'X' where user_id = $1", // another version by now
            change.Member.Id
        );
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => change.Db.SaveChangesAsync());
        await transaction.CommitAsync();
        Assert.True(await change.IsActiveInAuthorityAsync());
    }

    [Fact]
    public async Task A_membership_is_saved_in_a_transaction_only()
    {
        await using var change = await Change.BeginAsync();
        change.Deactivate();
        await Assert.ThrowsAsync<InvalidOperationException>(() => change.Db.SaveChangesAsync());
        Assert.Throws<NotSupportedException>(() => change.Db.SaveChanges());
        Assert.True(await change.IsActiveInAuthorityAsync());
    }

    /// <summary>A member, loaded as the system does.</summary>
    private sealed record Change(TestApp App, Person Member, AsyncServiceScope Scope, Membership Loaded)
        : IAsyncDisposable
    {
        public GroupsDbContext Db => Scope.ServiceProvider.GetRequiredService<GroupsDbContext>();

        public static async Task<Change> BeginAsync()
        {
            var app = await TestApp.StartedAsync();
            var group = await (await app.SignUpAndConfirm()).CreatesGroup();
            var member = await group.AddsNewPerson("reception");
            var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GroupsDbContext>();
            db.Call.ActFor(null, group.Id, null, null);
            return new(app, member, scope, await db.Memberships.SingleAsync(m => m.UserId == member.Id));
        }

        public void Deactivate() => Db.Entry(Loaded).Property(m => m.Status).CurrentValue = MemberStatus.Deactivated;

        public Task<bool> IsActiveInAuthorityAsync() =>
            App.Owner.Scalar<bool>("select active from authority.memberships where user_id = $1", Member.Id);

        public ValueTask DisposeAsync() => Scope.DisposeAsync();
    }
}
