using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Sessions;

/// <summary>Ends the session of the request: the next request with it is rejected.</summary>
public sealed record SignOut : Message, ICommand<Success>;

internal sealed class SignOutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-out", Post)
            .RequireSession(temporaryPassword: true)
            .WithName(nameof(SignOut))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new SignOut(), ct)).ToHttp(Results.NoContent);
}

public static class SignOutHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SignOut command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await db.LockAccountAsync(work.Caller.Person, ct);
        await db.EndSessionAsync(work.Caller.SessionId!.Value, clock.GetUtcNow(), ct);
        work.Audit(UserAudit.SignedOut, work.Caller.Person, null, new { work.Caller.SessionId });
        return Result.Success;
    }
}
