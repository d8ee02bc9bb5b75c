using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Idempotency;

namespace Practice.Groups.Features.Clients;

/// <summary>
/// Gives an API client another secret, which is answered this once. The one before works for another day, so that the
/// program can be changed in between. Tokens that it has stay valid.
/// </summary>
public sealed record RotateApiClientSecret(Guid GroupId, Guid ClientId) : Message, ICommand<RotatedApiClient>;

/// <param name="ClientSecret">It is not known any more later.</param>
/// <param name="FormerSecretUntil">Until when the secret before works too.</param>
public sealed record RotatedApiClient(Guid ClientId, string ClientSecret, DateTimeOffset? FormerSecretUntil);

internal sealed class RotateApiClientSecretEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/clients/{clientId:guid}/rotate", Post)
            .RequireOwner()
            .RequireVerified()
            .WithoutIdempotency() // the answer has a secret
            .WithOperationId<RotateApiClientSecret>("RotateApiClient")
            .WithTags("API clients")
            .Produces<RotatedApiClient>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid clientId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RotateApiClientSecret(groupId, clientId), ct)).ToHttp(Results.Ok);
}

public static class RotateApiClientSecretHandler
{
    public static async Task<ErrorOr<RotatedApiClient>> Handle(
        RotateApiClientSecret command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var locked = await db.GetClientForUpdateAsync(command.GroupId, command.ClientId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;
        var ((_, client), now) = (locked.Value, clock.GetUtcNow());
        if (client.IsRevoked)
            return GroupErrors.ClientRevoked;
        if (client.IsExpired(now))
            return GroupErrors.ClientExpired;

        client.Rotate(now);
        var secret = RandomToken.New();
        var former = await db.SetSecretAsync(client.Id, secret, ct);
        work.Audit(GroupAudit.ClientRotated, client.Id, client.GroupId);
        return new RotatedApiClient(client.Id, secret, former);
    }
}
