using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Invitations;

/// <summary>The invited person, and nobody else, accepts or rejects.</summary>
public sealed record AnswerInvitation(Guid InvitationId, bool Accept) : Message, ICommand<Success>;

internal sealed class AnswerInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Map(app, "accept", accept: true);
        Map(app, "reject", accept: false);
    }

    private static void Map(IEndpointRouteBuilder app, string act, bool accept) =>
        app.MapPost(
                $"/api/invitations/{{invitationId:guid}}/{act}",
                async (Guid invitationId, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new AnswerInvitation(invitationId, accept), ct)).ToHttp(() =>
                        Results.NoContent()
                    )
            )
            .RequireSession()
            .WithName(accept ? "AcceptInvitation" : "RejectInvitation")
            .WithTags("Invitations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone);
}

public static class AnswerInvitationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        AnswerInvitation command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (person, now) = (work.Caller.Person, clock.GetUtcNow());
        var groupId = await db
            .Invitations.Where(i => i.Id == command.InvitationId && i.UserId == person)
            .Select(i => (Guid?)i.GroupId)
            .SingleOrDefaultAsync(ct);
        if (groupId is not { } id)
            return CommonErrors.NotFound;

        using var asSystem = work.ActAsSystemIn(id);
        var group = await db.LockGroupAsync(id, ct);
        var account = (await bus.QueryAsync(new FindAccount(person), ct)).Account!;
        if (!account.EmailConfirmed)
            return GroupErrors.EmailNotConfirmed;
        var invitation = await db.Invitations.SingleAsync(i => i.Id == command.InvitationId, ct);
        if (invitation.RefuseAnswer(now) is { } closed)
            return closed;
        return command.Accept
            ? await Accept(group, invitation, account, db, work, bus, now, messages, ct)
            : await Close(group, invitation, InvitationStatus.Rejected, db, work, now, messages, ct);
    }

    private static async Task<ErrorOr<Success>> Accept(
        Group group,
        Invitation invitation,
        AccountFacts account,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (EmailAddress.Normalize(account.Email) != invitation.NormalizedEmail)
            return GroupErrors.EmailDiffers;
        if (!invitation.MayStand(await db.FindMemberAsync(group.Id, invitation.InvitedById, ct)))
            return GroupErrors.InvitationNotPending;
        if (await db.FindMemberAsync(group.Id, account.UserId, ct) is not null)
            return GroupErrors.AlreadyMember;

        var open = (await bus.QueryAsync(new FindLocations(group.Id, invitation.LocationIds), ct))
            .Locations.Where(location => !location.Archived)
            .Select(location => location.LocationId);
        var member = Membership.Join(
            group.Id,
            new MemberProfile(
                account.UserId,
                account.Email,
                account.Title,
                account.FirstName,
                account.LastName,
                invitation.RoleType,
                invitation.Profession,
                invitation.RegistrationNumber
            ),
            invitation.Choice,
            open,
            now
        );
        db.Memberships.Add(member);
        await messages.PublishAsync(new MemberJoined(group.Id, group.Name, member.UserId, AccountIsNew: false));
        return await Close(group, invitation, InvitationStatus.Accepted, db, work, now, messages, ct);
    }

    private static async Task<ErrorOr<Success>> Close(
        Group group,
        Invitation invitation,
        InvitationStatus status,
        GroupsDbContext db,
        UnitOfWork work,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        invitation.Close(status, now);
        var accepted = status == InvitationStatus.Accepted;
        work.Audit(
            accepted ? GroupAudit.InvitationAccepted : GroupAudit.InvitationRejected,
            invitation.UserId,
            group.Id,
            new { invitation.Id }
        );
        await messages.PublishAsync(
            new InvitationClosed(group.Id, invitation.Id, invitation.UserId, accepted ? "accepted" : "rejected")
        );
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }
}
