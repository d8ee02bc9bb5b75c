using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features.TwoFactor;

/// <summary>
/// Keeps two-factor authentication on, after someone who reads the mailbox said that the second factor is lost.
/// </summary>
public sealed record KeepTwoFactor : Message, ICommand<Success>;

internal sealed class KeepTwoFactorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/two-factor/keep", Post)
            .RequireSession()
            .NaturallyIdempotent()
            .WithName(nameof(KeepTwoFactor))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new KeepTwoFactor(), ct)).ToHttp(Results.NoContent);
}

public static class KeepTwoFactorHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        KeepTwoFactor command,
        UsersDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        work.KeepTwoFactor(account);
        return Result.Success;
    }
}
