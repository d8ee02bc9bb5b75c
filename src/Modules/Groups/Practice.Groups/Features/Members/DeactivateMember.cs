using FluentValidation;
using Practice.Groups.Data;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Ends a member's access to this group from their next request. Nothing is deleted, and their other groups are
/// unaffected.
/// </summary>
public sealed record DeactivateMember(Guid GroupId, Guid UserId, OptionalBody<DeactivationReason> Body)
    : Message,
        ICommand<Success>;

/// <param name="RevokeApiClients">
/// Whether the API clients they made end too, and their webhooks are turned off; only owners may. They
/// go on otherwise.
/// </param>
public sealed record DeactivationReason(string? Reason, bool? RevokeApiClients);

internal sealed class DeactivationReasonValidator : AbstractValidator<DeactivationReason>
{
    public DeactivationReasonValidator() => RuleFor(deactivation => deactivation.Reason).OptionalMultilineText(500);
}

internal sealed class DeactivateMemberEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/deactivate", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(DeactivateMember))
            .WithTags("Members")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid userId,
        OptionalBody<DeactivationReason> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new DeactivateMember(groupId, userId, body), ct)).ToHttp(() => Results.NoContent());
}

public static class DeactivateMemberHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        DeactivateMember command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var others = await db.FindOtherOwnersAsync(bus, command.GroupId, command.UserId, ct);
        var locked = await db.GetMemberForUpdateAsync(
            command.GroupId,
            command.UserId,
            work.Caller,
            Access.ManageUsers,
            ct
        );
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.ReadOr(new DeactivationReason(null, null)) is var read && read.IsError)
            return read.Errors;

        var (group, actor, member) = locked.Value;
        var changes = new MemberChanges(db, work, messages, clock.GetUtcNow());
        var done = await changes.DeactivateAsync(group, actor, member, read.Value.Reason, others, ct);
        if (done.IsError)
            return done.Errors;
        if (read.Value.RevokeApiClients is not true)
            return Result.Success;
        if (!actor.IsOwner)
            return AuthorizationErrors.NotAllowed;
        await db.EndWhatTheyMadeAsync(member, work, messages, ct);
        return Result.Success;
    }
}
