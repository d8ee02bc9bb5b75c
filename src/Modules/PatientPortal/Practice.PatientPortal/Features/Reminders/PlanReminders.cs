using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Reminders;
using Wolverine;

namespace Practice.PatientPortal.Features.Reminders;

/// <summary>Plans a batch and sends for the next: no transaction locks all appointments of a practice.</summary>
public static class PlanRemindersHandler
{
    private const int BatchSize = 200;

    public static async Task Handle(
        PlanReminders due,
        PatientPortalDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var rule = ReminderRule.Of(await bus.GetGroupAsync(due.GroupId, ct));
        var now = clock.GetUtcNow();
        var after = (due.AfterStart ?? now, due.AfterId ?? Guid.Empty);
        var batch = await db.LockForRemindersAsync(due.GroupId, after, BatchSize, ct);
        foreach (var (reminder, appointment) in (await db.GetRemindersAsync(batch, ct)).Zip(batch))
            await messages.PlanReminderAsync(reminder, appointment, rule, now);
        if (batch.Count == BatchSize)
            await messages.PublishAsync(new PlanReminders(due.GroupId, batch[^1].StartsAt, batch[^1].Id));
    }
}
