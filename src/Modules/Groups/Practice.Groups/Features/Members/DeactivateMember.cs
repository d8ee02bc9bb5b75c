using FluentValidation;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Ends a member's access to this group from their next request. Nothing is deleted, and their other groups are
/// unaffected.
/// </summary>
public sealed record DeactivateMember(Guid GroupId, Guid UserId, OptionalBody<DeactivationReason> Body)
    : Message,
        ICommand<Success>;

public sealed record DeactivationReason(string? Reason);

internal sealed class DeactivationReasonValidator : AbstractValidator<DeactivationReason>
{
    public DeactivationReasonValidator() => RuleFor(deactivation => deactivation.Reason).OptionalMultilineText(500);
}

internal sealed class DeactivateMemberEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/deactivate", Post)
            .RequireAccess(Access.ManageUsers)
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
        if (command.Body.ReadOr(new DeactivationReason(null)) is var read && read.IsError)
            return read.Errors;

        var (group, actor, member) = locked.Value;
        if (actor.UserId == member.UserId)
            return GroupErrors.CannotDeactivateSelf;
        if (!member.IsActive)
            return GroupErrors.AlreadyDeactivated;
        if (await db.IsLastOwnerAsync(member, others, ct))
            return GroupErrors.LastOwner;
        if (member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        member.Deactivate(read.Value.Reason.NullIfBlank(), clock.GetUtcNow());
        await db.WithdrawInvalidInvitationsAsync(work, member, clock.GetUtcNow(), messages, ct);
        work.Audit(GroupAudit.MemberDeactivated, member.UserId, group.Id);
        await messages.PublishAsync(new MemberDeactivated(group.Id, group.Name, member.UserId));
        return Result.Success;
    }
}
