using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passkeys;
using Wolverine;

namespace Practice.Users.Features.Passkeys;

/// <summary>
/// Signs a person in with a passkey: two factors in one, since the device recognizes them before it signs the
/// challenge. Nothing can be guessed here, so strangers' failed passwords do not stand in the way.
/// </summary>
/// <param name="Address">Where the person is: known from then on.</param>
public sealed record SignInWithPasskey(string? State, string Credential, string? Device, string Address)
    : Message,
        ICommand<SignedIn>;

internal sealed class SignInWithPasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/passkey", Post)
            .AllowAnyone()
            .WithName(nameof(SignInWithPasskey))
            .WithTags("Users")
            .Produces<SignedIn>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<PasskeyAnswerInput> body,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;

        var attempt = new TakePasskeyAttempt(input.AttemptId!.Value, PasskeyPurpose.SignIn, null, null);
        var taken = await bus.InvokeAsSystemAsync(attempt, ct);
        if (taken.IsError)
            return Problems.ToProblem(taken.Errors);
        var command = new SignInWithPasskey(
            taken.Value.State,
            input.Credential.GetRawText(),
            ClientName.Of(http.Request),
            ClientAddress.Of(http).ToString()
        );
        return (await bus.SendAsync(command, ct)).ToHttp(Results.Ok);
    }
}

public static class SignInWithPasskeyHandler
{
    public static async Task<ErrorOr<SignedIn>> Handle(
        SignInWithPasskey command,
        UsersDbContext db,
        UnitOfWork work,
        PasskeyVerifier passkeys,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        // Locked before the passkey is read: no session is opened with one that is being removed.
        if (await passkeys.LockOwnerAsync(db, command.Credential, ct) is not { } account)
            return PasskeyErrors.Invalid;
        if (await passkeys.UseAsync(db, account, command.State, command.Credential, now, ct) is not { } passkey)
            return PasskeyErrors.Invalid;
        if (account.PasswordHasExpired(now))
            return PasskeyErrors.Invalid;

        return await db.OpenSessionAsync(
            account,
            command.Device,
            command.Address,
            secondFactorShown: true,
            passkey.Id,
            work,
            messages,
            now,
            provider: null,
            ct
        );
    }
}
