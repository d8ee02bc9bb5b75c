using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Emails the practice's owners.</summary>
public static class EmailOnMessageCreditLowHandler
{
    public static async Task Handle(
        MessageCreditLow happened,
        UsersDbContext db,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var owners = (await bus.QueryAsync(new FindOwners(happened.GroupId), ct)).UserIds.ToList();
        foreach (var owner in await db.Accounts.AsNoTracking().Where(a => owners.Contains(a.Id)).ToListAsync(ct))
            await messages.PublishAsync(
                DeliverEmail.New(EmailKind.MessageCreditLow, owner.Email, owner.Id, happened.PracticeName) with
                {
                    GroupId = happened.GroupId,
                    Balance = happened.Balance,
                }
            );
    }
}
