using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Clients;

/// <summary>Whether a client can get tokens.</summary>
internal enum ApiClientStatus
{
    Active,
    Expired,
    Revoked,
}

/// <param name="CreatedBy">Who made it. It can do what it could after they have left, too.</param>
/// <param name="Settings">Those that differ from the level.</param>
/// <param name="RotatedAt">When it last got another secret.</param>
/// <param name="FormerSecretUntil">Until when the secret before works too; null if it does not.</param>
/// <param name="LastTokenAt">When it last got a token.</param>
internal sealed record ApiClientView(
    Guid ClientId,
    string Name,
    AccessLevelId AccessLevel,
    IReadOnlyDictionary<string, bool> Settings,
    ApiClientStatus Status,
    DateTimeOffset CreatedAt,
    ApiClientMaker CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? FormerSecretUntil,
    DateTimeOffset? LastTokenAt
);

/// <param name="Owner">Whether they are an owner of the group still.</param>
internal sealed record ApiClientMaker(Guid UserId, string Name, bool Owner);

/// <summary>The API clients of the group, the newest first; revoked ones too.</summary>
internal sealed class ListApiClientsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/groups/{groupId:guid}/clients", Get)
            .RequireOwner(changes: false)
            .WithName("ListApiClients")
            .WithSummary("The API clients of the group, the newest first")
            .WithTags("API clients")
            .Produces<Page<ApiClientView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/clients/{clientId:guid}", GetOne)
            .RequireOwner(changes: false)
            .WithName("ReadApiClient")
            .WithSummary("One API client")
            .WithTags("API clients")
            .Produces<ApiClientView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        Paging paging,
        GroupsDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        if (after.IsError)
            return Problems.ToProblem(after.Errors);

        var clients = db.ApiClients.AsNoTracking().Where(client => client.GroupId == groupId);
        if (after.Value is { } last)
            clients = clients.Where(client => client.Id.CompareTo(last) < 0);
        var rows = await clients.OrderByDescending(client => client.Id).Take(paging.Limit + 1).ToListAsync(ct);
        var views = await ViewsAsync(groupId, rows, db, clock.GetUtcNow(), ct);
        return Results.Ok(paging.Page(views, view => view, view => [view.ClientId]));
    }

    private static async Task<IResult> GetOne(
        Guid groupId,
        Guid clientId,
        GroupsDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await db.ApiClients.AsNoTracking().SingleOrDefaultAsync(c => c.GroupId == groupId && c.Id == clientId, ct)
            is { } client
            ? Results.Ok((await ViewsAsync(groupId, [client], db, clock.GetUtcNow(), ct))[0])
            : CommonErrors.NotFound.ToProblem();

    private static async Task<List<ApiClientView>> ViewsAsync(
        Guid groupId,
        List<ApiClient> clients,
        GroupsDbContext db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (clients.Count == 0)
            return [];
        var levels = await db.FindLevelsAsync(groupId, clients.Select(client => client.LevelId), ct);
        var facts = await db.FindClientFactsAsync(clients.Select(client => client.Id), ct);
        var makerIds = clients.Select(client => client.CreatedById).Distinct().ToList();
        var makers = await db
            .Memberships.AsNoTracking()
            .Where(member => member.GroupId == groupId && makerIds.Contains(member.UserId))
            .ToDictionaryAsync(member => member.UserId, ct);
        return clients.ConvertAll(client =>
        {
            var maker = makers[client.CreatedById]; // a membership is never deleted
            var level = levels.Held(client.RoleType, client.Choice);
            var known = facts.GetValueOrDefault(client.Id);
            return new ApiClientView(
                client.Id,
                client.Name,
                level.Id,
                client.Choice.Switches(level),
                client.IsRevoked ? ApiClientStatus.Revoked
                    : client.IsExpired(now) ? ApiClientStatus.Expired
                    : ApiClientStatus.Active,
                client.CreatedAt,
                new ApiClientMaker(maker.UserId, maker.DisplayName, maker is { IsActive: true, IsOwner: true }),
                client.ExpiresAt,
                client.RevokedAt,
                client.RotatedAt,
                client.IsRevoked ? null : known?.FormerUntil,
                known?.LastTokenAt
            );
        });
    }
}
