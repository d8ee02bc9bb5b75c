using Microsoft.EntityFrameworkCore;
using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passkeys;

namespace Practice.Users.Features.Passkeys;

/// <summary>A challenge for a passkey of the signed-in person, in place of the password.</summary>
public sealed record BeginPasskeyVerification : Message, ICommand<PasskeyChallenge>;

internal sealed class BeginPasskeyVerificationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/verify/passkey/options", Post)
            .RequireSession()
            .WithoutIdempotency()
            .WithName(nameof(BeginPasskeyVerification))
            .WithTags("Users")
            .Produces<PasskeyChallenge>()
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new BeginPasskeyVerification(), ct)).ToHttp(Results.Ok);
}

public static class BeginPasskeyVerificationHandler
{
    public static async Task<ErrorOr<PasskeyChallenge>> Handle(
        BeginPasskeyVerification command,
        UsersDbContext db,
        UnitOfWork work,
        PasskeyVerifier passkeys,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        if (!await db.Passkeys.AnyAsync(passkey => passkey.UserId == account.Id, ct))
            return PasskeyErrors.None;
        return await passkeys.ChallengeAsync(db, PasskeyPurpose.Verify, account, clock.GetUtcNow());
    }
}
