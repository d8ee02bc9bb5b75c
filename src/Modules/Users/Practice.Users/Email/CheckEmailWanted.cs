using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// Whether the person has left this category switched on. Asked when the email is sent, since it may have waited.
/// </summary>
public sealed record CheckEmailWanted(EmailCategory Category, string To) : Message, ICommand<EmailWanted>;

/// <param name="AccountId">Whose address it is; null if no account has it by now.</param>
public sealed record EmailWanted(bool IsWanted, Guid? AccountId);

public static class CheckEmailWantedHandler
{
    public static async Task<ErrorOr<EmailWanted>> Handle(
        CheckEmailWanted command,
        UsersDbContext db,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(command.To);
        var person = await db
            .Accounts.AsNoTracking()
            .Where(account => account.NormalizedEmail == email)
            .Select(account => new
            {
                account.Id,
                Chosen = db.MailPreferences.SingleOrDefault(preferences => preferences.AccountId == account.Id),
            })
            .SingleOrDefaultAsync(ct);
        return new EmailWanted(person?.Chosen?.Wants(command.Category) ?? true, person?.Id);
    }
}
