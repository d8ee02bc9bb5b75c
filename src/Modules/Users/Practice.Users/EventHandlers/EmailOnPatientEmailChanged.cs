using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Emails the old address, which may have no account.</summary>
public static class EmailOnPatientEmailChangedHandler
{
    // The DbContext gives this handler its transaction: email and inbox mark are saved together.
    public static DeliverEmail Handle(PatientEmailChanged happened, Envelope envelope, UsersDbContext db) =>
        new(
            envelope.Id,
            EmailKind.PatientEmailChanged,
            happened.OldEmail,
            happened.PatientId,
            happened.PracticeName,
            GroupId: happened.GroupId,
            SenderId: happened.GroupId
        );
}
