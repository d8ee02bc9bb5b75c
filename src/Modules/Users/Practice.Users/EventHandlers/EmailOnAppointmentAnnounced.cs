using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Emails the person, or an address that may have no account. The email's id is the event's own.</summary>
public static class EmailOnAppointmentAnnouncedHandler
{
    public static async Task<DeliverEmail?> Handle(
        AppointmentAnnounced happened,
        Envelope envelope,
        UsersDbContext db,
        CancellationToken ct
    )
    {
        var to = happened.UserId is { } person
            ? await db
                .Accounts.AsNoTracking()
                .Where(account => account.Id == person)
                .Select(account => account.Email)
                .SingleOrDefaultAsync(ct)
            : happened.Email;
        return to is null
            ? null
            : new(
                envelope.Id,
                KindOf(happened.Update),
                to,
                happened.Appointment.Id,
                happened.PracticeName,
                GroupId: happened.GroupId,
                Patient: happened.PatientFirstName,
                Appointment: new(happened.Appointment, InPortal: happened.UserId is not null, happened.UserId)
            );
    }

    private static EmailKind KindOf(AppointmentUpdate update) =>
        update switch
        {
            AppointmentUpdate.Booked => EmailKind.AppointmentBooked,
            AppointmentUpdate.Moved => EmailKind.AppointmentMoved,
            AppointmentUpdate.Cancelled => EmailKind.AppointmentCancelled,
            AppointmentUpdate.RequestConfirmed => EmailKind.RequestConfirmed,
            AppointmentUpdate.RequestDeclined => EmailKind.RequestDeclined,
            AppointmentUpdate.Reminder => EmailKind.AppointmentReminder,
            _ => throw new ArgumentOutOfRangeException(nameof(update), update, null),
        };
}
