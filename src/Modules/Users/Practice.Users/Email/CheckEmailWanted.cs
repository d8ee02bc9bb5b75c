using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// Whether the person has left this category switched on. Asked when the email is sent, since it may have waited.
/// </summary>
/// <param name="Category">Null for an email about an appointment to an address that a practice recorded.</param>
public sealed record CheckEmailWanted(EmailCategory? Category, string To) : Message, ICommand<EmailWanted>;

/// <param name="StopId">
/// What a link that stops such emails is about: the account, or the address. Null where nothing can be stopped.
/// </param>
public sealed record EmailWanted(bool IsWanted, Guid? StopId);

public static class CheckEmailWantedHandler
{
    public static async Task<ErrorOr<EmailWanted>> Handle(
        CheckEmailWanted command,
        UsersDbContext db,
        CancellationToken ct
    ) => await db.FindWantedAsync(command.Category, command.To, ct);
}
