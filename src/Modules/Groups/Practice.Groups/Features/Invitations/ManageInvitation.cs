using Microsoft.Extensions.Options;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Invitations;

/// <summary>
/// Sends an open or expired invitation once more, with a new expiry. The caller is its inviter from then on.
/// </summary>
public sealed record ResendInvitation(Guid GroupId, Guid InvitationId) : Message, ICommand<Success>;

/// <summary>Withdraws an open invitation.</summary>
public sealed record WithdrawInvitation(Guid GroupId, Guid InvitationId) : Message, ICommand<Success>;

internal sealed class ManageInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Map(app, "resend", (groupId, invitationId) => new ResendInvitation(groupId, invitationId));
        Map(app, "withdraw", (groupId, invitationId) => new WithdrawInvitation(groupId, invitationId));
    }

    private static void Map(IEndpointRouteBuilder app, string act, Func<Guid, Guid, ICommand<Success>> command) =>
        app.MapPost(
                $"/api/groups/{{groupId:guid}}/invitations/{{invitationId:guid}}/{act}",
                async (Guid groupId, Guid invitationId, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(command(groupId, invitationId), ct)).ToHttp(() => Results.NoContent())
            )
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(act == "resend" ? nameof(ResendInvitation) : nameof(WithdrawInvitation))
            .WithTags("Invitations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}

public static class ResendInvitationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ResendInvitation command,
        GroupsDbContext db,
        UnitOfWork work,
        IOptions<InvitationOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var locked = await db.GetInvitationForUpdateAsync(command.GroupId, command.InvitationId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;

        var (group, actor, invitation) = locked.Value;
        var changes = new MemberChanges(db, work, messages, clock.GetUtcNow());
        var done = await changes.ResendAsync(group, actor, invitation, options.Value.ExpireAfter);
        return done.IsError ? done.Errors : Result.Success;
    }
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
