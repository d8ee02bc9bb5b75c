using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passkeys;

namespace Practice.Users.Features.Passkeys;

/// <summary>
/// A challenge for a sign-in with a passkey. It names no account, so it tells nothing about any.
/// </summary>
public sealed record BeginPasskeySignIn : Message, ICommand<PasskeyChallenge>;

internal sealed class BeginPasskeySignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/passkey/options", Post)
            .AllowAnyone()
            .WithName(nameof(BeginPasskeySignIn))
            .WithTags("Users")
            .Produces<PasskeyChallenge>();

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new BeginPasskeySignIn(), ct)).ToHttp(Results.Ok);
}

public static class BeginPasskeySignInHandler
{
    public static async Task<ErrorOr<PasskeyChallenge>> Handle(
        BeginPasskeySignIn command,
        UsersDbContext db,
        PasskeyVerifier passkeys,
        TimeProvider clock
    ) => await passkeys.ChallengeAsync(db, PasskeyPurpose.SignIn, null, clock.GetUtcNow());
}
