using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Email;

internal static class OwnerWarnings
{
    /// <summary>
    /// Emails the owner of the account about an act on it. As long as the email is not confirmed there is no owner: the
    /// practice that added the account could have letters sent to an address of its choice.
    /// </summary>
    public static async Task WarnOwnerAsync(
        this IMessageContext messages,
        Account account,
        EmailKind kind,
        SignInEmailDetails? signIn = null,
        string? provider = null
    )
    {
        if (account.EmailConfirmed)
            await messages.PublishAsync(
                DeliverEmail.New(kind, account.Email, account.Id, signIn: signIn, provider: provider)
            );
    }
}
