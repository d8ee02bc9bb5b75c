using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>
/// Emails an address that may have no account. The email's id is the event's own: if the event is handled twice, it is
/// the same email, with the same link.
/// </summary>
public static class EmailOnPatientInvitedHandler
{
    // The DbContext gives this handler its transaction: email and inbox mark are saved together.
    public static DeliverEmail Handle(PatientInvited happened, Envelope envelope, UsersDbContext db) =>
        new(
            envelope.Id,
            happened.ForGuardian ? EmailKind.GuardianInvitation : EmailKind.PatientInvitation,
            happened.Email,
            happened.InvitationId,
            happened.PracticeName,
            GroupId: happened.GroupId,
            Patient: happened.PatientFirstName
        );
}
