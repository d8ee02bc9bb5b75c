using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Emails the member: anyone who has the address reads their calendar without signing in.</summary>
public static class EmailOnCalendarFeedOpenedHandler
{
    public static async Task Handle(
        CalendarFeedOpened happened,
        UsersDbContext db,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var owner = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == happened.UserId, ct);
        await messages.PublishAsync(
            DeliverEmail.New(EmailKind.CalendarFeedOpened, owner.Email, owner.Id, happened.PracticeName)
        );
    }
}
