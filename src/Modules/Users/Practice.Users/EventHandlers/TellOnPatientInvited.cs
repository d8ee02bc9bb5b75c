using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>
/// To an address that may have no account. The mail's id is the message's own: handled twice it is the same mail, whose newest link holds.
/// </summary>
public static class TellOnPatientInvitedHandler
{
    public static async Task Handle(
        PatientInvited invited,
        Envelope envelope,
        UsersDbContext db,
        IMessageContext messages
    ) =>
        await messages.PublishAsync(
            new DeliverMail(
                envelope.Id,
                invited.ForGuardian ? Letter.GuardianInvitation : Letter.PatientInvitation,
                invited.Email,
                invited.InvitationId,
                invited.PracticeName,
                GroupId: invited.GroupId
            )
        );
}
