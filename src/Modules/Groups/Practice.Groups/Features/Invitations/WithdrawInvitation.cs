using Practice.Groups.Data;
using Wolverine;

namespace Practice.Groups.Features.Invitations;

/// <summary>Withdraws an open invitation.</summary>
public sealed record WithdrawInvitation(Guid GroupId, Guid InvitationId) : Message, ICommand<Success>;

internal sealed class WithdrawInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/invitations/{invitationId:guid}/withdraw", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(WithdrawInvitation))
            .WithTags("Invitations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(Guid groupId, Guid invitationId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new WithdrawInvitation(groupId, invitationId), ct)).ToHttp(() => Results.NoContent());
}

public static class WithdrawInvitationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        WithdrawInvitation command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var locked = await db.GetInvitationForUpdateAsync(command.GroupId, command.InvitationId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;

        var (_, _, invitation) = locked.Value;
        await invitation.WithdrawAsync(work, clock.GetUtcNow(), messages);
        return Result.Success;
    }
}
