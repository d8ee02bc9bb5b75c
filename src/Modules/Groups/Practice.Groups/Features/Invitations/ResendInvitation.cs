using Microsoft.Extensions.Options;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Invitations;

/// <summary>
/// Sends an open or expired invitation once more, with a new expiry. The caller is its inviter from then on.
/// </summary>
public sealed record ResendInvitation(Guid GroupId, Guid InvitationId) : Message, ICommand<Success>;

internal sealed class ResendInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/invitations/{invitationId:guid}/resend", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ResendInvitation))
            .WithTags("Invitations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(Guid groupId, Guid invitationId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ResendInvitation(groupId, invitationId), ct)).ToHttp(() => Results.NoContent());
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
