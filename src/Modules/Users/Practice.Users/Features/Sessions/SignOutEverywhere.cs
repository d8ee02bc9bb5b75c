using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Sessions;

/// <summary>Ends all sessions of the person, including this one, and all calendar feeds.</summary>
public sealed record SignOutEverywhere : Message, ICommand<Success>;

internal sealed class SignOutEverywhereEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-out-everywhere", Post)
            .RequireSession()
            .WithName(nameof(SignOutEverywhere))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new SignOutEverywhere(), ct)).ToHttp(Results.NoContent);
}

public static class SignOutEverywhereHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SignOutEverywhere command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await db.LockAccountAsync(work.Caller.Person, ct);
        await db.EndSessionsAsync(work.Caller.Person, clock.GetUtcNow(), except: null, ct);
        await db.EndCalendarFeedsAsync(work.Caller.Person, ct);
        work.Audit(UserAudit.SignedOutEverywhere, work.Caller.Person, null);
        return Result.Success;
    }
}
