using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passkeys;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features.Passkeys;

/// <summary>
/// The person proves once more who they are, with a passkey. It shows two factors, as a sign-in with it does.
/// </summary>
public sealed record VerifyWithPasskey(string? State, string Credential) : Message, ICommand<Success>;

internal sealed class VerifyWithPasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/verify/passkey", Post)
            .RequireSession()
            .WithoutIdempotency() // an attempt works once
            .WithName(nameof(VerifyWithPasskey))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Body<PasskeyAnswerInput> body,
        UsersDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;

        var taken = await bus.TakeOwnAttemptAsync(db, input.AttemptId!.Value, PasskeyPurpose.Verify, ct);
        if (taken.IsError)
            return Problems.ToProblem(taken.Errors);
        var command = new VerifyWithPasskey(taken.Value.State, input.Credential.GetRawText());
        return (await bus.SendAsync(command, ct)).ToHttp(Results.NoContent);
    }
}

public static class VerifyWithPasskeyHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        VerifyWithPasskey command,
        UsersDbContext db,
        UnitOfWork work,
        PasskeyVerifier passkeys,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        var now = clock.GetUtcNow();
        if (await passkeys.UseAsync(db, account, command.State, command.Credential, now, ct) is not { } passkey)
            return PasskeyErrors.NotAccepted;

        var session = work.Caller.SessionId!.Value;
        await db.SecondFactorShownAsync(session, ct);
        work.KeepTwoFactor(account); // it is not lost
        await db.SessionVerifiedAsync(session, ct);
        work.Audit(UserAudit.SessionVerified, account.Id, null, new { SessionId = session, PasskeyId = passkey.Id });
        return Result.Success;
    }
}
