using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>Counts an email that anybody can cause; an error if the address has received the maximum for now.</summary>
public sealed record CountRequestedEmail(Guid MailId, string To) : Message, ICommand<Success>;

public static class CountRequestedEmailHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CountRequestedEmail command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(command.To);
        return await db.TryCountEmailAsync(command.MailId, email, clock.GetUtcNow(), ct)
            ? Result.Success
            : ApiError.Create(
                StatusCodes.Status429TooManyRequests,
                "users.mailed_enough",
                "This address has received too many emails. Try again later."
            );
    }
}
