using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>
/// Emails an address without an account: there is nobody to notify. The email's id is the event's own: if the event is
/// handled twice, it is the same email.
/// </summary>
public static class EmailOnPortalAccessOfferedHandler
{
    // The DbContext gives this handler its transaction: email and inbox mark are saved together.
    public static DeliverEmail Handle(PortalAccessOffered happened, Envelope envelope, UsersDbContext db) =>
        new(
            envelope.Id,
            happened.ForGuardian ? EmailKind.PendingGuardianship : EmailKind.PendingGrant,
            happened.Email,
            happened.GrantId,
            Portal: new PortalEmailDetails(happened.AccountName),
            SenderId: happened.SenderId
        );
}
