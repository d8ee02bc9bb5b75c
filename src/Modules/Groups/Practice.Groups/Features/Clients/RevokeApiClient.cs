using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Clients;

/// <summary>
/// Ends an API client with its next request: its tokens and secrets work no more. It cannot be
/// brought back; it stays in the list and in the audit.
/// </summary>
public sealed record RevokeApiClient(Guid GroupId, Guid ClientId) : Message, ICommand<Success>;

internal sealed class RevokeApiClientEndpoint : ICarterModule
{
    private const string Path = "/api/groups/{groupId:guid}/clients/{clientId:guid}";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Describe(app.MapPost($"{Path}/revoke", Revoke), nameof(RevokeApiClient));
        Describe(app.MapDelete(Path, Revoke), "DeleteApiClient")
            .WithSummary("Does the same as revoking it: the client ends, and stays in the list and in the audit.");

        static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string name) =>
            route
                .RequireOwner()
                .WithName(name)
                .WithTags("API clients")
                .Produces(StatusCodes.Status204NoContent)
                .ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> Revoke(Guid groupId, Guid clientId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RevokeApiClient(groupId, clientId), ct)).ToHttp(() => Results.NoContent());
}

public static class RevokeApiClientHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RevokeApiClient command,
        GroupsDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        var locked = await db.GetClientForUpdateAsync(command.GroupId, command.ClientId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;
        var client = locked.Value.Client;
        if (client.IsRevoked)
            return GroupErrors.ClientRevoked;

        work.Revoke(client);
        return Result.Success;
    }
}
