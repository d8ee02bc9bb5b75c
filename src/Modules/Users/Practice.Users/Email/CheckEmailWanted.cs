using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// Whether the person has left this category switched on. Asked when the email is sent, since it may have waited.
/// </summary>
public sealed record CheckEmailWanted(EmailCategory Category, string To) : Message, ICommand<EmailWanted>;

public sealed record EmailWanted(bool IsWanted);

public static class CheckEmailWantedHandler
{
    public static async Task<ErrorOr<EmailWanted>> Handle(
        CheckEmailWanted command,
        UsersDbContext db,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(command.To);
        var chosen = await db
            .MailPreferences.AsNoTracking()
            .SingleOrDefaultAsync(
                preferences =>
                    db.Accounts.Any(account => account.Id == preferences.AccountId && account.NormalizedEmail == email),
                ct
            );
        return new EmailWanted(chosen is null || chosen.Wants(command.Category));
    }
}
