using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;
using Practice.Locations.Data;
using Practice.Shared.Audit;

namespace Practice.Host.Tests;

/// <summary>A module's context comes from a pool. Nothing of one call is left in it for the next.</summary>
public sealed class PooledContextTests
{
    [Fact]
    public async Task A_context_that_went_back_to_the_pool_belongs_to_nobody()
    {
        await using var app = await TestApp.StartAsync();
        LocationsDbContext db;
        await using (var first = app.Services.CreateAsyncScope())
        {
            db = first.ServiceProvider.GetRequiredService<LocationsDbContext>();
            Assert.Same(first.ServiceProvider.GetRequiredService<CallContext>(), db.Call);
            db.Call.ActFor(null, Guid.CreateVersion7(), null, null);
            db.Add(
                new AuditEntry
                {
                    Id = Guid.CreateVersion7(),
                    At = default,
                    GroupId = null,
                    ActorId = null,
                    Authority = AuditAuthority.System,
                    Act = "test",
                    SubjectId = Guid.CreateVersion7(),
                }
            );
        }

        Assert.Throws<InvalidOperationException>(() => db.Call);
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => db.Locations.CountAsync());

        await using var second = app.Services.CreateAsyncScope();
        var again = second.ServiceProvider.GetRequiredService<LocationsDbContext>();
        Assert.Same(db, again);
        Assert.Same(second.ServiceProvider.GetRequiredService<CallContext>(), again.Call);
        Assert.Empty(again.ChangeTracker.Entries());
        Assert.Empty(await again.Locations.ToListAsync());
    }

    /// <summary>Who takes a context past the request's services has no caller, and reads nothing.</summary>
    [Fact]
    public async Task A_context_that_was_handed_to_no_call_reads_nothing()
    {
        var app = await TestApp.StartedAsync();
        await using var db = await app
            .Services.GetRequiredService<IDbContextFactory<LocationsDbContext>>()
            .CreateDbContextAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Locations.CountAsync());
    }
}
