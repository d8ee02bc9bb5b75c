using Practice.Users.Domain;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.Users.Email;

/// <summary>
/// Scheduled for when the next step is due. If it is handled twice, or early because a clock was set back, it sends
/// nothing twice. Earlier versions called it <c>SendOnboarding</c>; its identity and the names in its JSON stay, so
/// that messages which waited through an upgrade are still read.
/// </summary>
/// <param name="StepsDone">How many steps were done when it was scheduled.</param>
[MessageIdentity("Practice.Users.Reactions.SendOnboarding")]
public sealed record SendOnboardingEmail(Guid AccountId, int StepsDone) : Message;

internal static class OnboardingSchedule
{
    /// <summary>
    /// Schedules the next step. There is one message at a time, stored in the database: a restart loses none.
    /// </summary>
    public static async Task ScheduleNextAsync(
        this IMessageContext messages,
        OnboardingSeries series,
        DateTimeOffset now
    )
    {
        if (series.UntilNext(now) is { } wait)
            await messages.ScheduleAsync(new SendOnboardingEmail(series.AccountId, series.StepsDone), wait);
    }
}
