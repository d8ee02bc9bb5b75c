using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>How a user is added, by the form or from a file: the steps that both have in common.</summary>
internal sealed class UserAddition(
    GroupsDbContext db,
    UnitOfWork work,
    IModuleBus bus,
    InvitationOptions options,
    DateTimeOffset now,
    IMessageContext messages
)
{
    /// <summary>The first step: invites an existing person, or reserves the email and an account id for a new one.</summary>
    /// <param name="withoutPassword">The refusal of a new person for whom no password was given; null where they may set their own by a mailed link.</param>
    public async Task<ErrorOr<AddUserStep>> BeginAsync(
        Guid groupId,
        NewMember member,
        Error? withoutPassword,
        CancellationToken ct
    )
    {
        if (await bus.RefuseLocationsAsync(groupId, member.LocationIds!, ct) is { } unassignable)
            return unassignable;
        var locked = await db.LockForChangeAsync(groupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        var account = (await bus.QueryAsync(new FindAccountByEmail(member.Email!), ct)).Account; // only now that no other call of this group is making it
        if (!actor.MayGrant(member.Choice.Effective(member.RoleType!.Value), member.LocationIds!))
            return GroupErrors.BeyondOwnAccess;

        var email = EmailAddress.Normalize(member.Email!);
        var reservation = await db.Reservations.SingleOrDefaultAsync(
            r => r.GroupId == group.Id && r.NormalizedEmail == email,
            ct
        );
        if (account is not null && account.UserId != reservation?.UserId)
        {
            if (reservation is not null)
                db.Reservations.Remove(reservation); // the person has signed up by themselves since
            return await InviteAsync(group, actor, member, account, ct);
        }

        if (!member.HasPassword && withoutPassword is { } refusal)
            return refusal;
        if (reservation is null)
            db.Reservations.Add(reservation = Reservation.Make(group.Id, member.Email!, now));
        return new AddUserStep(null, reservation.UserId, reservation.BeginAttempt(), actor.UserId);
    }

    private async Task<ErrorOr<AddUserStep>> InviteAsync(
        Group group,
        Membership actor,
        NewMember member,
        AccountFacts account,
        CancellationToken ct
    )
    {
        if (await db.FindMemberAsync(group.Id, account.UserId, ct) is { } membership)
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

        if (earlier is not null)
        {
            earlier.Close(InvitationStatus.Expired, now);
            await db.SaveChangesAsync(ct); // first the old one goes: there may be one pending at a time
        }

        var profile = member.ProfileOf(account.UserId) with { Email = account.Email };
        var invitation = Invitation.Make(
            group,
            actor,
            profile,
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
        return new AddUserStep(invitation.Id, account.UserId, 0, actor.UserId);
    }
}

internal static class UserAdditionSteps
{
    /// <summary>What comes after the first step: for a new person the account, then the membership.</summary>
    public static async Task<ErrorOr<UserAdded>> CompleteAsync(
        this IModuleBus bus,
        Guid groupId,
        AddUserStep begun,
        NewMember member,
        CancellationToken ct
    )
    {
        var (invitationId, userId, attempt, addedBy) = begun;
        if (invitationId is not null)
            return new UserAdded(AddUserOutcome.Invited, null, invitationId);

        var account = await bus.InvokeAsSystemAsync(
            new AddAccount(
                userId,
                groupId,
                member.Email!.Trim(),
                member.Title.NullIfBlank(),
                member.FirstName!.Trim(),
                member.LastName!.Trim(),
                member.HasPassword ? member.Password : null,
                attempt,
                addedBy
            ),
            ct
        );
        switch (account.IsError ? account.FirstError.Code : null)
        {
            case null:
                break;
            case AddAccount.EmailTaken: // somebody else made an account with this email a moment ago: the reserved one will never be
                await bus.SendAsync(new ReleaseReservation(groupId, userId), ct);
                return GroupErrors.PasswordNotAllowed;
            case AddAccount.AttemptSuperseded:
                return GroupErrors.BeingAdded;
            default:
                return account.Errors; // the reservation stands: a repeat may bring a better password
        }

        var activated = await bus.SendAsync(new ActivateReservation(groupId, userId, attempt, member), ct);
        return activated.IsError ? activated.Errors : new UserAdded(AddUserOutcome.Added, userId, null);
    }
}
