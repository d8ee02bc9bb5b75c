using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnTakeoverInvitedHandler
{
    public static async Task<DeliverEmail?> Handle(
        TakeoverInvited happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.TakeoverInvited(
            happened.AccountId,
            happened.DependantName,
            happened.PracticeName
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.TakeoverInvited,
                account.Email,
                happened.AccountId,
                practice: happened.PracticeName,
                portal: new PortalEmailDetails(happened.DependantName),
                senderId: happened.SenderId
            );
    }
}
