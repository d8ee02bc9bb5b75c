using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>
/// To an address without an account, so there is nobody to notify. The mail's id is the message's own: handled twice it is the same mail.
/// </summary>
public static class TellOnPortalAccessOfferedHandler
{
    public static async Task Handle(
        PortalAccessOffered offered,
        Envelope envelope,
        UsersDbContext db,
        IMessageContext messages
    ) =>
        await messages.PublishAsync(
            new DeliverMail(
                envelope.Id,
                Letter.PortalAccessOffered,
                offered.Email,
                offered.GrantId,
                Portal: new PortalNews(offered.AccountName)
            )
        );
}
