using Practice.Contracts.Groups;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Data;

/// <summary>
/// What is done to one member or one invitation, by a call of its own or as one of many: so that neither forgets a
/// guard. The group is locked, and the actor may change the member. Each answers whether anything has changed.
/// </summary>
internal sealed class MemberChanges(GroupsDbContext db, UnitOfWork work, IMessageContext messages, DateTimeOffset now)
{
    /// <param name="others">The owners who could act before the lock; see <see cref="LastOwner"/>.</param>
    public async Task<ErrorOr<bool>> DeactivateAsync(
        Group group,
        Membership actor,
        Membership member,
        string? reason,
        List<Guid> others,
        CancellationToken ct
    )
    {
        if (actor.UserId == member.UserId)
            return GroupErrors.CannotDeactivateSelf;
        if (!member.IsActive)
            return GroupErrors.AlreadyDeactivated;
        if (await db.IsLastOwnerAsync(member, others, ct))
            return GroupErrors.LastOwner;
        if (member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        member.Deactivate(reason.NullIfBlank(), now);
        await db.WithdrawInvalidInvitationsAsync(work, member, now, messages, ct);
        work.Audit(GroupAudit.MemberDeactivated, member.UserId, group.Id, new { Reason = member.DeactivationReason });
        await messages.PublishAsync(new MemberDeactivated(group.Id, group.Name, member.UserId));
        return true;
    }

    /// <param name="settings">Settings that differ from the level; null for the level alone.</param>
    /// <param name="owner">Null leaves it unchanged.</param>
    /// <param name="others">As of <see cref="DeactivateAsync"/>.</param>
    /// <param name="confirmed">As before the lock; see <see cref="Guards.OthersMayKnowPassword"/>.</param>
    public async Task<ErrorOr<bool>> ChangeAccessAsync(
        Group group,
        Membership actor,
        Membership member,
        Level level,
        IReadOnlyDictionary<string, bool>? settings,
        bool? owner,
        List<Guid> others,
        ConfirmedMembers confirmed,
        CancellationToken ct
    )
    {
        var planned = await db.PlanAccessAsync(actor, member, level, settings, owner, others, confirmed, ct);
        if (planned.IsError)
            return planned.Errors;
        var (choice, staysOwner) = planned.Value;
        if (choice == member.Choice && staysOwner == member.IsOwner)
            return false;
        if (staysOwner != member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;
        member.ChangeAccess(choice, staysOwner);
        var changes = work.ChangesOf(member);
        await db.WithdrawInvalidInvitationsAsync(work, member, now, messages, ct);
        work.Audit(
            GroupAudit.AccessChanged,
            member.UserId,
            group.Id,
            new
            {
                level = level.Id,
                on = choice.SwitchedOn,
                off = choice.SwitchedOff,
                owner = staysOwner,
                changes,
            }
        );
        if (member.IsActive)
            await messages.PublishAsync(new MemberAccessChanged(group.Id, group.Name, member.UserId, actor.UserId));
        return true;
    }

    /// <param name="wanted">All locations of the member from now on.</param>
    /// <param name="locations">What Locations said about them before the lock.</param>
    /// <param name="confirmed">As of <see cref="ChangeAccessAsync"/>.</param>
    public async Task<ErrorOr<bool>> AssignAsync(
        Group group,
        Membership actor,
        Membership member,
        IReadOnlyList<Guid> wanted,
        KnownLocations locations,
        ConfirmedMembers confirmed,
        CancellationToken ct
    )
    {
        if (!member.IsActive)
            return GroupErrors.MemberDeactivated;

        var added = wanted.Except(member.LocationIds).ToList();
        var removed = member.LocationIds.Except(wanted).ToList();
        if (locations.WhyNotAssignable(added) is { } notAssignable)
            return notAssignable;
        if (!actor.MayAssign([.. added, .. removed]))
            return GroupErrors.BeyondOwnAccess;
        if (added.Count > 0 && actor.WhyNoMoreLocations(member, confirmed) is { } open)
            return open;
        if (added.Count + removed.Count == 0)
            return false;

        member.Assign(wanted);
        var changes = work.ChangesOf(member);
        await db.WithdrawInvalidInvitationsAsync(work, member, now, messages, ct);
        work.Audit(GroupAudit.LocationsAssigned, member.UserId, group.Id, new { member.LocationIds, changes });
        return true;
    }

    public async Task<ErrorOr<bool>> ResendAsync(
        Group group,
        Membership actor,
        Invitation invitation,
        TimeSpan expireAfter
    )
    {
        if (!invitation.CanBeResent(now))
            return GroupErrors.ResentJustNow;
        invitation.SetInviter(actor);
        invitation.Renew(now, expireAfter);
        work.Audit(GroupAudit.InvitationResent, invitation.UserId, group.Id, new { invitation.Id });
        await messages.PublishAsync(
            new UserInvited(
                group.Id,
                group.Name,
                invitation.Id,
                invitation.UserId,
                invitation.InvitedByName,
                invitation.ExpiresAt
            )
        );
        return true;
    }
}
