using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>The first membership of a person's life begins the onboarding series.</summary>
public static class BeginOnboardingOnMemberJoinedHandler
{
    public static async Task Handle(
        MemberJoined joined,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.LockAccountAsync(joined.UserId, ct) is not { } account
            || await db.Onboarding.AnyAsync(series => series.AccountId == account.Id, ct)
        )
            return;

        var now = clock.GetUtcNow();
        var series = OnboardingSeries.Begin(account.Id, joined.GroupId, joined.GroupName, now);
        db.Onboarding.Add(series);
        await messages.ScheduleNextAsync(series, now);
    }
}

/// <summary>Who has lost the access to the group that they joined first is onboarded no further.</summary>
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
        // Heard of before the joining, which is on its way: each event has a queue of its own.
        if (series is null)
            db.Onboarding.Add(series = OnboardingSeries.Begin(account.Id, happened.GroupId, happened.GroupName, now));
        if (series.JoinedGroupId == happened.GroupId)
            series.End(now);
    }
}

/// <summary>Scheduled for when the next step is due. Handled twice, or early since a clock was put back, it mails nothing twice.</summary>
/// <param name="StepsDone">How many steps were done with when it was scheduled.</param>
public sealed record SendOnboarding(Guid AccountId, int StepsDone) : Message;

public static class SendOnboardingHandler
{
    public static async Task Handle(
        SendOnboarding due,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.LockAccountAsync(due.AccountId, ct) is not { } account
            || await db.Onboarding.SingleOrDefaultAsync(series => series.AccountId == account.Id, ct)
                is not { EndedAt: null } series
            || series.StepsDone != due.StepsDone
        )
            return;

        var now = clock.GetUtcNow();
        if (await db.MailPreferences.AnyAsync(chosen => chosen.AccountId == account.Id && !chosen.Onboarding, ct))
        {
            series.End(now);
            return;
        }

        if (series.TakeStep(now) is { } step)
            await messages.PublishAsync(
                new DeliverMail(series.MailIdOf(step), LetterOf(step), account.Email!, account.Id, series.Practice)
            );
        await messages.ScheduleNextAsync(series, now);
    }

    private static Letter LetterOf(int step) =>
        step switch
        {
            1 => Letter.OnboardingDay1,
            2 => Letter.OnboardingDay3,
            _ => Letter.OnboardingDay7,
        };
}

internal static class Schedule
{
    /// <summary>One message at a time is on its way, in the database: a restart loses none.</summary>
    public static async Task ScheduleNextAsync(
        this IMessageContext messages,
        OnboardingSeries series,
        DateTimeOffset now
    )
    {
        if (series.UntilNext(now) is { } wait)
            await messages.ScheduleAsync(new SendOnboarding(series.AccountId, series.StepsDone), wait);
    }
}
