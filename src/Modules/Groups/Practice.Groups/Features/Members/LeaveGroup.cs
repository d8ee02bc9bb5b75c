using FluentValidation;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// A member ends their own membership; the group keeps it as deactivated, with their name and email as they were.
/// Anyone may leave, except the last owner. Only an invitation brings them back.
/// </summary>
public sealed record LeaveGroup(Guid GroupId, OptionalBody<LeaveInput> Body) : Message, ICommand<Success>;

/// <param name="RevokeApiClients">
/// Whether the API clients they made end too, and their webhooks are turned off; only owners may. They
/// go on otherwise.
/// </param>
public sealed record LeaveInput(bool? RevokeApiClients);

internal sealed class LeaveInputValidator : AbstractValidator<LeaveInput>;

internal sealed class LeaveGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/me/leave", Post)
            .RequireAccess(Access.None, changes: false) // also for read-only members
            .RequirePerson()
            .WithName(nameof(LeaveGroup))
            .WithTags("Members")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        OptionalBody<LeaveInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new LeaveGroup(groupId, body), ct)).ToHttp(() => Results.NoContent());
}

public static class LeaveGroupHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        LeaveGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var others = await db.FindOtherOwnersAsync(bus, command.GroupId, work.Caller.Person, ct);
        var group = await db.LockGroupAsync(command.GroupId, ct);
        if (await db.FindMemberAsync(group.Id, work.Caller.Person, ct) is not { IsActive: true } member)
            return CommonErrors.NotFound;
        if (command.Body.ReadOr(new LeaveInput(null)) is var read && read.IsError)
            return read.Errors;
        if (read.Value.RevokeApiClients is true && !member.IsOwner)
            return AuthorizationErrors.NotAllowed;
        if (await db.IsLastOwnerAsync(member, others, ct))
            return GroupErrors.LastOwner;
        if (member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        member.Leave(clock.GetUtcNow());
        if (read.Value.RevokeApiClients is true)
            await db.EndWhatTheyMadeAsync(member, work, messages, ct);
        await db.WithdrawInvalidInvitationsAsync(work, member, clock.GetUtcNow(), messages, ct);
        work.Audit(GroupAudit.MemberLeft, member.UserId, group.Id);
        await messages.PublishAsync(new MemberDeactivated(group.Id, group.Name, member.UserId, Left: true));
        return Result.Success;
    }
}
