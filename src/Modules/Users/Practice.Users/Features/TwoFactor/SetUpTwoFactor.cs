using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features.TwoFactor;

/// <summary>
/// Creates the key for an authenticator app. Sign-in asks for no code until the app has shown that it has the key.
/// </summary>
public sealed record SetUpTwoFactor : Message, ICommand<TwoFactorKey>;

/// <param name="SharedKey">To be typed into the app, where its camera can't read <paramref name="OtpauthUri"/>.</param>
public sealed record TwoFactorKey(string SharedKey, string OtpauthUri);

internal sealed class SetUpTwoFactorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/two-factor", Post)
            .RequireSession()
            .WithoutIdempotency()
            .WithName(nameof(SetUpTwoFactor))
            .WithTags("Users")
            .Produces<TwoFactorKey>()
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new SetUpTwoFactor(), ct)).ToHttp(Results.Ok);
}

public static class SetUpTwoFactorHandler
{
    public static async Task<ErrorOr<TwoFactorKey>> Handle(
        SetUpTwoFactor command,
        UsersDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        if (account.TwoFactorEnabled)
            return TwoFactorErrors.Enabled;

        using var second = new SecondFactor(db);
        var (key, uri) = await second.NewKeyAsync(account);
        return new TwoFactorKey(key, uri);
    }
}
