using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Sessions;

/// <summary>Signs another device out: its next request is rejected.</summary>
public sealed record EndSession(Guid SessionId) : Message, ICommand<Success>;

internal sealed class EndSessionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/users/me/sessions/{sessionId:guid}", Delete)
            .RequireSession()
            .WithName(nameof(EndSession))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Delete(Guid sessionId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new EndSession(sessionId), ct)).ToHttp(Results.NoContent);
}

public static class EndSessionHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        EndSession command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var person = work.Caller.Person;
        await db.LockAccountAsync(person, ct);
        if (
            !await db.Sessions.AnyAsync(
                session => session.Id == command.SessionId && session.AccountId == person && session.EndedAt == null,
                ct
            )
        )
            return CommonErrors.NotFound;

        await db.EndSessionAsync(command.SessionId, clock.GetUtcNow(), ct);
        var reason = SessionEndReason.EndedByPerson.Code();
        work.Audit(UserAudit.SessionEnded, person, null, new { command.SessionId, Reason = reason });
        return Result.Success;
    }
}
