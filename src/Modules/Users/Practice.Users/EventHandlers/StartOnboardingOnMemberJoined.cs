using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>A person's first membership starts the onboarding series.</summary>
public static class StartOnboardingOnMemberJoinedHandler
{
    public static async Task Handle(
        MemberJoined happened,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.LockAccountAsync(happened.UserId, ct) is not { } account
            || await db.Onboarding.AnyAsync(series => series.AccountId == account.Id, ct)
        )
            return;

        var now = clock.GetUtcNow();
        var series = OnboardingSeries.Start(account.Id, happened.GroupId, happened.GroupName, now);
        db.Onboarding.Add(series);
        await messages.ScheduleNextAsync(series, now);
    }
}
