using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnPatientUnlinkedHandler
{
    public static async Task<DeliverEmail?> Handle(
        PatientUnlinked happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.PatientUnlinked(
            happened.AccountId,
            happened.AccountName,
            happened.PatientFirstName,
            happened.PracticeName
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.PatientUnlinked,
                account.Email,
                happened.AccountId,
                practice: happened.PracticeName,
                portal: new PortalEmailDetails(happened.AccountName),
                patient: happened.PatientFirstName,
                senderId: happened.SenderId
            );
    }
}
