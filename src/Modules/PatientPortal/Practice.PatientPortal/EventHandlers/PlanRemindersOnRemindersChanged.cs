using Practice.Contracts.Groups;
using Practice.PatientPortal.Domain.Reminders;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Plans the reminders of the practice's appointments by its new settings.</summary>
public static class PlanRemindersOnRemindersChangedHandler
{
    public static PlanReminders Handle(RemindersChanged changed) => new(changed.GroupId, null, null);
}
