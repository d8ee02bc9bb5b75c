using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Invitations;

/// <summary>The invited person accepts or rejects an invitation. Nobody else can.</summary>
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
            .WithSummary($"The invited person {act}s an invitation. Nobody else can.")
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
        var offered = await db
            .Invitations.Where(i => i.Id == command.InvitationId && i.UserId == person)
            .Select(i => new { i.GroupId, i.LocationIds })
            .SingleOrDefaultAsync(ct);
        if (offered is null)
            return CommonErrors.NotFound;

        // Asked before the lock, so the answers may be out of date under it. That is safe:
        // - The account's name or email has changed since: as if the person had answered just before. The copies in the
        //   membership are synced after it was committed (SyncMemberOnMemberJoined).
        // - The invitation was changed since and offers other locations: the person gets what it offers now. The change
        //   has checked the locations that it added, and those that are archived were found here.
        var account = (await bus.QueryAsync(new FindAccount(person), ct)).Account!;
        var locations = command.Accept
            ? await bus.FindLocationsAsync(offered.GroupId, offered.LocationIds, ct)
            : KnownLocations.None;

        using var asSystem = work.ActAsSystemIn(offered.GroupId);
        var group = await db.LockGroupAsync(offered.GroupId, ct);
        if (!account.EmailConfirmed)
            return GroupErrors.EmailNotConfirmed;
        var invitation = await db.Invitations.SingleAsync(i => i.Id == command.InvitationId, ct);
        if (invitation.WhyNotAnswerable(now) is { } closed)
            return closed;
        if (command.Accept && await JoinAsync(group, invitation, account, locations, db, now, ct) is { } error)
            return error;

        invitation.Close(command.Accept ? InvitationStatus.Accepted : InvitationStatus.Rejected, now);
        work.Audit(
            command.Accept ? GroupAudit.InvitationAccepted : GroupAudit.InvitationRejected,
            invitation.UserId,
            group.Id,
            new { invitation.Id }
        );
        if (command.Accept)
        {
            await messages.PublishAsync(new MemberJoined(group.Id, group.Name, person, AccountIsNew: false));
            await messages.PublishAsync(new MemberRenamed(group.Id, person)); // who was away may have another name now
        }

        await messages.PublishAsync(invitation.ToClosedEvent());
        await messages.PublishAsync(invitation.ToAnsweredEvent(await db.FindActiveMembersAsync(group.Id, ct)));
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }

    /// <summary>Makes the person a member of the group, or says why they cannot be one.</summary>
    private static async Task<Error?> JoinAsync(
        Group group,
        Invitation invitation,
        AccountFacts account,
        KnownLocations locations,
        GroupsDbContext db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (!invitation.CouldBeMadeBy(await db.FindMemberAsync(group.Id, invitation.InvitedById, ct)))
            return GroupErrors.InvitationNotPending;
        var earlier = await db.FindMemberAsync(group.Id, account.UserId, ct);
        if (earlier is { HasLeft: false })
            return GroupErrors.AlreadyMember;

        var profile = new MemberProfile(
            account.UserId,
            account.Email,
            account.Title,
            account.FirstName,
            account.LastName,
            invitation.RoleType,
            invitation.Profession,
            invitation.RegistrationNumber
        );
        var locationIds = invitation.LocationIds.Where(id => !locations.IsArchived(id));
        if (earlier is null)
            db.Memberships.Add(Membership.Join(group.Id, profile, invitation.Choice, locationIds, now));
        else
            earlier.Rejoin(profile, invitation.Choice, locationIds);
        return null;
    }
}
