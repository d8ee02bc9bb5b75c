using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Wolverine;

namespace Practice.Users.Email;

public static class SendOnboardingEmailHandler
{
    public static async Task Handle(
        SendOnboardingEmail due,
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
        {
            var (mailId, kind) = (series.MailIdOf(step), KindOf(step));
            await messages.PublishAsync(new DeliverEmail(mailId, kind, account.Email!, account.Id, series.Practice));
        }

        await messages.ScheduleNextAsync(series, now);
    }

    private static EmailKind KindOf(int step) =>
        step switch
        {
            1 => EmailKind.OnboardingDay1,
            2 => EmailKind.OnboardingDay3,
            3 => EmailKind.OnboardingDay7,
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
}
