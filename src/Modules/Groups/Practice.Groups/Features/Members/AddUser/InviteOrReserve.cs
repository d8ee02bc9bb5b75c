using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>
/// The first step of <see cref="AddUserWorkflow"/>: invites an existing person, or reserves an account for a new one.
/// </summary>
internal sealed class InviteOrReserve(
    GroupsDbContext db,
    UnitOfWork work,
    IModuleBus bus,
    InvitationOptions options,
    PeopleLimit limit,
    DateTimeOffset now,
    IMessageContext messages
)
{
    /// <param name="passwordRequired">
    /// Whether a new person needs a password; else they set their own by a mailed link.
    /// </param>
    public async Task<ErrorOr<AddUserResult>> RunAsync(
        Guid groupId,
        NewMember member,
        bool passwordRequired,
        CancellationToken ct
    )
    {
        // Asked before the lock, so the answers may be out of date under it. That is safe:
        // - No account then, one now. If another call of this group made it, there is its reservation, whose account id
        //   we share, or already its membership. In the latter case, or if the person signed up or another group added
        //   them, AddAccount answers that the email is taken, and the workflow runs this step again. A form without a
        //   password is told that the person is new, as it would have been a moment earlier.
        // - An account then. Accounts are never deleted. What it means to this group (a reservation, a membership, an
        //   invitation) is read under the lock. If its email has changed just now, the invitation is still the person's,
        //   as if the email had changed just after it.
        // - A location archived since: as if it had been archived just after.
        var account = (await bus.QueryAsync(new FindAccountByEmail(member.Email!), ct)).Account;
        var locations = await bus.FindLocationsAsync(groupId, member.LocationIds!, ct);
        if (locations.WhyNotAssignable(member.LocationIds!) is { } notAssignable)
            return notAssignable;

        var locked = await db.GetForUpdateAsync(groupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        if (!actor.MayGrant(member.EffectiveAccess, member.LocationIds!))
            return GroupErrors.BeyondOwnAccess;

        var email = EmailAddress.Normalize(member.Email!);
        var reservation = await db.Reservations.SingleOrDefaultAsync(
            r => r.GroupId == group.Id && r.NormalizedEmail == email,
            ct
        );
        if (account is not null && account.UserId != reservation?.UserId)
        {
            if (reservation is not null)
                db.Reservations.Remove(reservation); // since it was made, the person got another account
            return await InviteAsync(group, actor, member, account, ct);
        }

        if (passwordRequired && !member.HasPassword)
            return GroupErrors.PasswordRequired;
        if (reservation is null)
        {
            if (await WhyTooManyAsync(group, ct) is { } many)
                return many;
            db.Reservations.Add(reservation = Reservation.Create(group.Id, member.Email!, now));
        }

        return new AddUserResult(null, reservation.UserId, reservation.BeginAttempt(), actor.UserId);
    }

    private async Task<ErrorOr<AddUserResult>> InviteAsync(
        Group group,
        Membership actor,
        NewMember member,
        AccountFacts account,
        CancellationToken ct
    )
    {
        if (await db.FindMemberAsync(group.Id, account.UserId, ct) is { HasLeft: false } membership)
            return membership.IsActive ? GroupErrors.AlreadyMember : GroupErrors.MemberDeactivated;

        var earlier = await db.Invitations.SingleOrDefaultAsync(
            invitation =>
                invitation.GroupId == group.Id
                && invitation.UserId == account.UserId
                && invitation.Status == InvitationStatus.Pending,
            ct
        );
        if (earlier?.StatusAt(now) == InvitationStatus.Pending)
            return GroupErrors.AlreadyInvited;
        if (member.HasPassword)
            return GroupErrors.PasswordNotAllowed;
        if (await WhyTooManyAsync(group, ct) is { } many)
            return many;

        if (earlier is not null)
        {
            earlier.Close(InvitationStatus.Expired, now);
            await db.SaveChangesAsync(ct); // before the new one: only one may be pending at a time
        }

        var invitation = Invitation.Create(
            group,
            actor,
            member.ProfileOf(account.UserId) with
            {
                Email = account.Email,
            },
            member.Choice,
            member.LocationIds!,
            now,
            options.ExpireAfter
        );
        db.Invitations.Add(invitation);
        work.Audit(
            GroupAudit.UserInvited,
            account.UserId,
            group.Id,
            new
            {
                invitation.Id,
                invitation.RoleType,
                invitation.Level,
            }
        );
        await messages.PublishAsync(
            new UserInvited(
                group.Id,
                group.Name,
                invitation.Id,
                account.UserId,
                invitation.InvitedByName,
                invitation.ExpiresAt
            )
        );
        return new AddUserResult(invitation.Id, account.UserId, 0, actor.UserId);
    }

    /// <summary>Only for who is new to the group today: what was begun can be repeated.</summary>
    private async Task<Error?> WhyTooManyAsync(Group group, CancellationToken ct) =>
        limit.ADay(group.Id, now) is { } most
        && await db.CountPeopleAddedAsync(group.Id, now - TimeSpan.FromDays(1), ct) > most
            ? GroupErrors.TooManyPeople
            : null;
}
