using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;

namespace Practice.Users.Email;

/// <summary>
/// Counts a call that has an email sent, by where it comes from; an error if it is too often. Committed on its own,
/// before the call costs anything.
/// </summary>
public sealed record CountEmailRequest(string Address) : Message, ICommand<Success>;

public static class CountEmailRequestHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CountEmailRequest command,
        UsersDbContext db,
        PeopleLimit limits,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (limits.AreOff)
            return Result.Success;
        return
            await db.CountFromAddressAsync(AddressAct.RequestEmail, command.Address, clock.GetUtcNow(), ct) is { } wait
            ? LockedOut.TooManyEmails(wait)
            : Result.Success;
    }
}

internal static class EmailRequests
{
    /// <inheritdoc cref="CountEmailRequest"/>
    /// <returns>The answer if it is too often; null if it was counted.</returns>
    public static async Task<IResult?> CountEmailRequestAsync(
        this IModuleBus bus,
        HttpContext http,
        CancellationToken ct
    ) =>
        await bus.InvokeAsSystemAsync(new CountEmailRequest(ClientAddress.Of(http).ToString()), ct)
            is { IsError: true } tooMany
            ? LockedOut.ToProblem(http, tooMany.Errors)
            : null;
}
