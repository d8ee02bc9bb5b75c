using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;

namespace Practice.Users.Email;

/// <summary>
/// Counts a call that has an email sent, by where it comes from; an error if it is too often. Committed on its own,
/// before the call costs anything.
/// </summary>
/// <param name="ChangedBy">The person who asks for a change of email, who is counted too.</param>
public sealed record CountEmailRequest(string Address, Guid? ChangedBy) : Message, ICommand<Success>;

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
        var now = clock.GetUtcNow();
        if (
            command.ChangedBy is { } person
            && await db.CountFromAddressAsync(AddressAct.ChangeEmail, person.ToString(), now, ct) is { } longer
        )
            return LockedOut.TooManyChangesOfEmail(longer);
        return await db.CountFromAddressAsync(AddressAct.RequestEmail, command.Address, now, ct) is { } wait
            ? LockedOut.TooManyEmails(wait)
            : Result.Success;
    }
}

internal static class EmailRequests
{
    /// <summary>Where the caller is, as a hash.</summary>
    public static string SenderOf(HttpContext http) => AuthorizationRequest.Hash(ClientAddress.Of(http).ToString());

    /// <summary>The account that asks, as a hash: where it is signed in does not matter.</summary>
    public static string SenderOf(Account account) => AuthorizationRequest.Hash(account.Id.ToString());

    /// <inheritdoc cref="CountEmailRequest"/>
    /// <returns>The answer if it is too often; null if it was counted.</returns>
    public static async Task<IResult?> CountEmailRequestAsync(
        this IModuleBus bus,
        HttpContext http,
        Guid? changedBy,
        CancellationToken ct
    ) =>
        await bus.InvokeAsSystemAsync(new CountEmailRequest(ClientAddress.Of(http).ToString(), changedBy), ct)
            is { IsError: true } tooMany
            ? LockedOut.ToProblem(http, tooMany.Errors)
            : null;
}
