using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Sessions;

/// <summary>A place where the person is signed in.</summary>
/// <param name="Device">The browser or app, as it names itself.</param>
/// <param name="DeviceName">What people recognise, such as <c>Chrome on Windows</c>.</param>
/// <param name="Current">Whether this request belongs to the session.</param>
internal sealed record SessionView(
    Guid Id,
    string? Device,
    string DeviceName,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    bool Current
);

/// <summary>Where the person is signed in, newest sign-in first.</summary>
internal sealed class ListSessionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/sessions", Get)
            .RequireSession()
            .WithName("ListSessions")
            .WithTags("Users")
            .Produces<Page<SessionView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(Paging paging, UsersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var now = clock.GetUtcNow();
        var sessions = db
            .Sessions.AsNoTracking()
            .Where(session =>
                session.AccountId == UsersDbContext.CurrentUserId()
                && session.EndedAt == null
                && session.ExpiresAt > now
            );
        if (after.Value is { } last)
            sessions = sessions.Where(session => session.Id < last);

        var rows = await sessions.OrderByDescending(session => session.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                session => new SessionView(
                    session.Id,
                    session.Device,
                    DeviceName.Of(session.Device),
                    session.CreatedAt,
                    session.LastSeenAt,
                    session.Id == db.Call.Caller.SessionId
                ),
                session => [session.Id]
            )
        );
    }
}
