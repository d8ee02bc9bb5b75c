using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Reminders;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>
/// Copies what a location is called now, and its time zone, to its appointments to come: a batch at a time, and again
/// until nothing differs. So the copy that is written last is current, in whichever order messages are handled.
/// </summary>
public sealed record SyncLocation(Guid GroupId, Guid LocationId) : Message, IInGroup;

/// <summary>As <see cref="SyncLocation"/>, the name of a practitioner.</summary>
public sealed record SyncPractitioner(Guid GroupId, Guid UserId) : Message, IInGroup;

public static class SyncAppointmentsOnLocationRenamedHandler
{
    public static SyncLocation Handle(LocationRenamed renamed) => new(renamed.GroupId, renamed.LocationId);
}

public static class SyncAppointmentsOnMemberRenamedHandler
{
    public static SyncPractitioner Handle(MemberRenamed renamed) => new(renamed.GroupId, renamed.UserId);
}

/// <summary>A change that was committed while the appointment was being booked or moved did not find it.</summary>
public static class SyncNamesOnAppointmentChangedHandler
{
    public static async Task Handle(
        AppointmentChanged changed,
        PatientPortalDbContext db,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (changed.Update is AppointmentUpdate.Cancelled or AppointmentUpdate.RequestDeclined)
            return;
        var appointment = await db
            .Appointments.AsNoTracking()
            .SingleAsync(row => row.GroupId == changed.GroupId && row.Id == changed.Appointment.Id, ct);
        if (
            await bus.FindLocationAsync(changed.GroupId, appointment.LocationId, ct) is { } location
            && (location.Name, location.TimeZone) != (appointment.LocationName, appointment.LocationTimeZone)
        )
            await messages.PublishAsync(new SyncLocation(changed.GroupId, location.LocationId));
        if (
            await bus.FindMemberAsync(changed.GroupId, appointment.PractitionerId, ct) is { } practitioner
            && practitioner.Name != appointment.PractitionerName
        )
            await messages.PublishAsync(new SyncPractitioner(changed.GroupId, practitioner.UserId));
    }
}

public static class SyncLocationHandler
{
    public static async Task Handle(
        SyncLocation sync,
        PatientPortalDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await bus.FindLocationAsync(sync.GroupId, sync.LocationId, ct) is not { } location)
            return;
        var rule = ReminderRule.Of(await bus.GetGroupAsync(sync.GroupId, ct));
        var now = clock.GetUtcNow();
        var batch = await db.LockWithOtherLocationAsync(
            (sync.GroupId, sync.LocationId, location.Name, location.TimeZone),
            now,
            SyncBatch.Size,
            ct
        );
        if (batch.Count == 0)
            return;

        var shownOtherwise = batch.FindAll(appointment =>
            appointment.FollowLocation(location.Name, location.TimeZone)
            && appointment.Status == AppointmentStatus.Booked
        );
        foreach (var (reminder, appointment) in (await db.GetRemindersAsync(shownOtherwise, ct)).Zip(shownOtherwise))
        {
            reminder.Forget();
            await messages.PlanReminderAsync(reminder, appointment, rule, now);
        }

        await messages.PublishAsync(sync);
    }
}

public static class SyncPractitionerHandler
{
    public static async Task Handle(
        SyncPractitioner sync,
        PatientPortalDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await bus.FindMemberAsync(sync.GroupId, sync.UserId, ct) is not { } practitioner)
            return;
        var batch = await db.LockWithOtherPractitionerAsync(
            (sync.GroupId, sync.UserId, practitioner.Name),
            clock.GetUtcNow(),
            SyncBatch.Size,
            ct
        );
        if (batch.Count == 0)
            return;
        batch.ForEach(appointment => appointment.FollowPractitioner(practitioner.Name));
        await messages.PublishAsync(sync);
    }
}

internal static class SyncBatch
{
    /// <summary>No transaction locks all appointments of a practice, or all patients.</summary>
    public const int Size = 200;
}
