using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>The onboarding series ends when the person loses access to the group that they joined first.</summary>
public static class EndOnboardingOnMemberDeactivatedHandler
{
    public static async Task Handle(
        MemberDeactivated happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(happened.UserId, ct) is not { } account)
            return;

        var now = clock.GetUtcNow();
        var series = await db.Onboarding.SingleOrDefaultAsync(series => series.AccountId == account.Id, ct);
        // Each event has its own queue: this one can be handled before the joining, which then must not start a series.
        if (series is null)
            db.Onboarding.Add(series = OnboardingSeries.Start(account.Id, happened.GroupId, happened.GroupName, now));
        if (series.JoinedGroupId == happened.GroupId)
            series.End(now);
    }
}
