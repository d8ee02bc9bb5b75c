using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// An error if the person has switched this category off. Asked when the email is sent, since it may have waited.
/// </summary>
public sealed record CheckEmailWanted(EmailCategory Category, string To) : Message, ICommand<Success>;

public static class CheckEmailWantedHandler
{
    public static async Task<ErrorOr<Success>> Handle(CheckEmailWanted command, UsersDbContext db, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(command.To);
        var chosen = await db
            .MailPreferences.AsNoTracking()
            .SingleOrDefaultAsync(
                preferences =>
                    db.Accounts.Any(account => account.Id == preferences.AccountId && account.NormalizedEmail == email),
                ct
            );
        return chosen is null || chosen.Wants(command.Category)
            ? Result.Success
            : ApiError.Conflict("users.mail_switched_off", "The person has switched this category of email off.");
    }
}
