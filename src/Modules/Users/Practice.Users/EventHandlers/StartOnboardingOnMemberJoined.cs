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
    public static Task Handle(
        MemberJoined happened,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.StartOnboardingAsync(
            [happened.UserId],
            happened.GroupId,
            happened.GroupName,
            clock.GetUtcNow(),
            messages,
            ct
        );
}

/// <inheritdoc cref="StartOnboardingOnMemberJoinedHandler"/>
public static class StartOnboardingOnNewMembersJoinedHandler
{
    public static Task Handle(
        NewMembersJoined happened,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.StartOnboardingAsync(
            happened.UserIds,
            happened.GroupId,
            happened.GroupName,
            clock.GetUtcNow(),
            messages,
            ct
        );
}

internal static class OnboardingStart
{
    public static async Task StartOnboardingAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        Guid groupId,
        string groupName,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var accounts = (await db.LockAccountsAsync(accountIds, ct)).Keys.ToList();
        var started = await db
            .Onboarding.Where(series => accounts.Contains(series.AccountId))
            .Select(series => series.AccountId)
            .ToListAsync(ct);
        foreach (var accountId in accounts.Except(started))
        {
            var series = OnboardingSeries.Start(accountId, groupId, groupName, now);
            db.Onboarding.Add(series);
            await messages.ScheduleNextAsync(series, now);
        }
    }
}
