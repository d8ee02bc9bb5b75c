using Practice.Users.Data;

namespace Practice.Users.Email;

/// <summary>Counts an email that anyone can cause, unless the address has received the maximum for now.</summary>
/// <param name="Kind">Of an email with a link or about an appointment, counted by itself; null for all others.</param>
/// <param name="SubjectId">The grant, portal account or practice that it is about; null for others.</param>
/// <param name="RequestedFrom">Where the request came from, or the account that asked, as a hash.</param>
/// <param name="IsFromPractice">
/// Limited by practice alone: other practices and strangers must not use up an invitation.
/// </param>
public sealed record CountRequestedEmail(
    Guid MailId,
    string To,
    EmailKind? Kind,
    Guid? SubjectId,
    string? RequestedFrom,
    bool IsFromPractice = false
) : Message, ICommand<RequestedEmailCounted>;

/// <param name="MaySend">Whether it was counted, and not too many.</param>
public sealed record RequestedEmailCounted(bool MaySend);

public static class CountRequestedEmailHandler
{
    public static async Task<ErrorOr<RequestedEmailCounted>> Handle(
        CountRequestedEmail command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(command.To);
        return new RequestedEmailCounted(await db.TryCountEmailAsync(command, email, clock.GetUtcNow(), ct));
    }
}
