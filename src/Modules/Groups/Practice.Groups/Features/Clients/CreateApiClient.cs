using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Idempotency;

namespace Practice.Groups.Features.Clients;

/// <summary>
/// Makes a program of the group that may call the API, within the owner's own access. The secret is answered this once.
/// </summary>
public sealed record CreateApiClient(Guid GroupId, Body<ApiClientInput> Body) : Message, ICommand<NewApiClient>;

/// <param name="ClientSecret">It is not known any more later.</param>
public sealed record NewApiClient(Guid ClientId, string ClientSecret);

internal sealed class CreateApiClientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/clients", Post)
            .RequireOwner()
            .RequireVerified()
            .WithoutIdempotency() // the answer has a secret
            .WithName(nameof(CreateApiClient))
            .WithTags("API clients")
            .Produces<NewApiClient>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<ApiClientInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new CreateApiClient(groupId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/clients/{made.ClientId}", made)
        );
}

public static class CreateApiClientHandler
{
    public static async Task<ErrorOr<NewApiClient>> Handle(
        CreateApiClient command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.Owner, ct);
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var ((group, actor), input, now) = (locked.Value, read.Value, clock.GetUtcNow());
        var found = await db.FindLevelForClientAsync(group.Id, input.AccessLevel!.Value, ct);
        if (found.IsError)
            return found.Errors;
        var level = found.Value;
        var choice = AccessChoice.Of(level, input.Settings);
        if (!actor.MayGrant(choice.Effective(level.RoleType), []))
            return GroupErrors.BeyondOwnAccess;
        if (
            await db.ApiClients.CountAsync(c => c.GroupId == group.Id && c.RevokedAt == null, ct)
            >= ApiClient.MaxPerGroup
        )
            return GroupErrors.TooManyClients;

        var client = ApiClient.Create(
            group.Id,
            input.Name!,
            level.RoleType,
            choice,
            input.ExpiresAt,
            actor.UserId,
            now
        );
        db.ApiClients.Add(client);
        await db.SaveChangesAsync(ct); // which tells the authority of it
        var secret = RandomToken.New();
        await db.SetSecretAsync(client.Id, secret, ct);
        work.Audit(
            GroupAudit.ClientCreated,
            client.Id,
            group.Id,
            new
            {
                client.Name,
                level = level.Id,
                on = choice.SwitchedOn,
                off = choice.SwitchedOff,
                client.ExpiresAt,
            }
        );
        return new NewApiClient(client.Id, secret);
    }

    /// <summary>A preset of either role type: those of administrators come first. Or one of the group's own.</summary>
    private static async Task<ErrorOr<Level>> FindLevelForClientAsync(
        this GroupsDbContext db,
        Guid groupId,
        AccessLevelId wanted,
        CancellationToken ct
    )
    {
        if (wanted.Preset is { } preset)
            return Level.Of(
                preset.IsFor(RoleType.Administrator) ? RoleType.Administrator : RoleType.Practitioner,
                preset
            );
        return await db
                .AccessLevels.AsNoTracking()
                .SingleOrDefaultAsync(level => level.GroupId == groupId && level.Id == wanted.Own, ct)
                is not { } own
                ? GroupErrors.UnknownAccessLevel
            : own.IsArchived ? GroupErrors.CannotChooseArchivedLevel
            : own.ToLevel();
    }
}
