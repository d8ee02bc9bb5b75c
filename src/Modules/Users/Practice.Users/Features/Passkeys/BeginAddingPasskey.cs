using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.Passkeys;

namespace Practice.Users.Features.Passkeys;

/// <summary>
/// A challenge for the passkey that the person is about to add. It takes a recent sign-in or verification, and without
/// it there is nothing to answer: a browser left open is not enough to stay in the account.
/// </summary>
public sealed record BeginAddingPasskey : Message, ICommand<PasskeyChallenge>;

internal sealed class BeginAddingPasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/passkeys/options", Post)
            .RequireSession()
            .RequireVerified()
            .WithoutIdempotency()
            .WithName(nameof(BeginAddingPasskey))
            .WithTags("Users")
            .Produces<PasskeyChallenge>()
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new BeginAddingPasskey(), ct)).ToHttp(Results.Ok);
}

public static class BeginAddingPasskeyHandler
{
    public static async Task<ErrorOr<PasskeyChallenge>> Handle(
        BeginAddingPasskey command,
        UsersDbContext db,
        UnitOfWork work,
        PasskeyVerifier passkeys,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        if (await db.HasAllPasskeysAsync(account.Id, ct))
            return PasskeyErrors.TooMany;
        return await passkeys.ChallengeNewAsync(db, account, clock.GetUtcNow());
    }
}
