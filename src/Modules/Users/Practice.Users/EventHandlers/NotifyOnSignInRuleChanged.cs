using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>
/// Tells the members of a practice how they sign in from now on. Where any sign-in will do again, only inside the
/// product: nobody has to do anything.
/// </summary>
public static class NotifyOnSignInRuleChangedHandler
{
    public static async Task Handle(
        SignInRuleChanged happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        List<Guid> connected = happened.Issuer is { } issuer
            ? await db.FindConnectedAsync(happened.UserIds, issuer, ct)
            : [];
        await TellAsync([.. happened.UserIds.Except(connected)], isConnected: false);
        await TellAsync(connected, isConnected: true);

        async Task TellAsync(IReadOnlyList<Guid> userIds, bool isConnected)
        {
            var accounts = await db.NotifyAllAsync(
                userIds,
                envelope,
                () => NotificationContent.SignInRule(happened, isConnected),
                clock.GetUtcNow(),
                ct
            );
            if (happened.Provider is not { } provider)
                return;
            var kind = isConnected ? EmailKind.ProviderRequiredOfConnected : EmailKind.ProviderRequired;
            // An email that nobody has confirmed may be a stranger's.
            foreach (var account in accounts.Where(account => account.EmailConfirmed))
                await messages.PublishAsync(
                    DeliverEmail.New(kind, account.Email, happened.GroupId, happened.GroupName, provider: provider)
                );
        }
    }
}
