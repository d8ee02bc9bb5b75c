using Microsoft.EntityFrameworkCore;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

/// <summary>A member whose access follows their level, and what they could do before.</summary>
/// <param name="Member">With the new access, in memory alone.</param>
internal sealed record Following(Membership Member, Access Before, Access After);

/// <summary>An API client whose access follows its level.</summary>
internal sealed record FollowingClient(ApiClient Client, Access Before, Access After);

/// <summary>What other settings of an own level change.</summary>
/// <param name="Members">Whose access changes, deactivated ones included. Owners have no own level.</param>
/// <param name="Clients">Whose access changes, with the new access.</param>
/// <param name="Invitations">Open or expired ones that offer the level, with the new access.</param>
/// <param name="Invalid">Open ones by these members that they could no longer make.</param>
/// <param name="HeldBack">Members who follow only where the level gives less.</param>
internal sealed record LevelChange(
    IReadOnlyList<Following> Members,
    IReadOnlyList<FollowingClient> Clients,
    IReadOnlyList<Invitation> Invitations,
    IReadOnlyList<Invitation> Invalid,
    IReadOnlyList<Guid> HeldBack
);

internal static class LevelChanges
{
    /// <summary>
    /// What the change would do, or why the actor may not make it: it gives or leaves somebody an access that the actor
    /// could not give them by a change of their own.
    /// </summary>
    /// <param name="confirmed">Of the level's members; see <see cref="Guards.OthersMayKnowPassword"/>.</param>
    public static async Task<ErrorOr<LevelChange>> PlanLevelChangeAsync(
        this GroupsDbContext db,
        OwnAccessLevel level,
        Access settings,
        Membership actor,
        ConfirmedMembers confirmed,
        CancellationToken ct
    )
    {
        if (!actor.MayDefine(settings))
            return GroupErrors.BeyondOwnAccess;
        if (settings == level.Settings)
            return new LevelChange([], [], [], [], []);

        var planned = await db.PlanMembersAsync(level, settings, actor, confirmed, ct);
        if (planned.IsError)
            return planned.Errors;
        var clients = await db.PlanClientsAsync(level, settings, actor, ct);
        if (clients.IsError)
            return clients.Errors;
        var offers = await db.PlanInvitationsAsync(level, settings, actor, ct);
        if (offers.IsError)
            return offers.Errors;

        var (following, heldBack) = planned.Value;
        var invitations = offers.Value;
        var inviters = following.ToDictionary(followed => followed.Member.UserId, followed => followed.Member);
        var theirs = await db
            .Invitations.Where(i =>
                i.GroupId == level.GroupId
                && inviters.Keys.Contains(i.InvitedById)
                && i.Status == InvitationStatus.Pending
            )
            .ToListAsync(ct);
        return new LevelChange(
            following,
            clients.Value,
            invitations,
            // Those that offer the level are the actor's from now on.
            [.. theirs.Except(invitations).Where(i => !i.CouldBeMadeBy(inviters[i.InvitedById]))],
            heldBack
        );
    }

    private static async Task<ErrorOr<(List<Following> Following, List<Guid> HeldBack)>> PlanMembersAsync(
        this GroupsDbContext db,
        OwnAccessLevel level,
        Access settings,
        Membership actor,
        ConfirmedMembers confirmed,
        CancellationToken ct
    )
    {
        var preset = AccessLevels.BaseOf(level.RoleType);
        var members = await db
            .Memberships.AsNoTracking()
            .Where(m => m.GroupId == level.GroupId && m.OwnLevelId == level.Id && !m.IsOwner && m.Level == preset)
            .ToListAsync(ct);
        List<Following> following = [];
        List<Guid> heldBack = [];
        var open = 0;
        foreach (var member in members)
        {
            var before = member.Effective;
            var after = OwnAccessLevel.Follow(before, level.Settings, settings);
            if (!member.IsActive && member.OthersMayKnowPassword(actor, confirmed))
            {
                after = after.Within(before); // they are in nobody's way, and come back with nothing more
                heldBack.Add(member.UserId);
            }

            if (before == after)
                continue;
            var mayManage = actor.MayManage(member);
            member.ChangeAccess(member.Choice.With(level.RoleType, after), owner: false);
            if (!mayManage || !after.IsWithin(actor.Effective))
                return GroupErrors.BeyondOwnAccess;
            if (!after.IsWithin(before) && member.OthersMayKnowPassword(actor, confirmed))
                open++;
            following.Add(new Following(member, before, after));
        }

        return open > 0 ? GroupErrors.AccountNotConfirmed(open) : (following, heldBack);
    }

    private static async Task<ErrorOr<List<FollowingClient>>> PlanClientsAsync(
        this GroupsDbContext db,
        OwnAccessLevel level,
        Access settings,
        Membership actor,
        CancellationToken ct
    )
    {
        List<FollowingClient> clients = [];
        foreach (var client in await db.ClientsWith(level).ToListAsync(ct))
        {
            var held = client.Effective;
            client.Follow(level.Settings, settings);
            if (!held.IsWithin(actor.Effective) || !client.Effective.IsWithin(actor.Effective))
                return GroupErrors.BeyondOwnAccess;
            if (client.Effective != held)
                clients.Add(new FollowingClient(client, held, client.Effective));
        }

        return clients;
    }

    private static async Task<ErrorOr<List<Invitation>>> PlanInvitationsAsync(
        this GroupsDbContext db,
        OwnAccessLevel level,
        Access settings,
        Membership actor,
        CancellationToken ct
    )
    {
        var invitations = await db
            .Invitations.Where(i =>
                i.GroupId == level.GroupId && i.OwnLevelId == level.Id && i.Status == InvitationStatus.Pending
            )
            .ToListAsync(ct);
        foreach (var invitation in invitations)
        {
            var mayMake = invitation.CouldBeMadeBy(actor);
            var offered = invitation.Choice.Effective(level.RoleType);
            invitation.SetAccess(
                invitation.Choice.With(level.RoleType, OwnAccessLevel.Follow(offered, level.Settings, settings))
            );
            if (!mayMake || !invitation.CouldBeMadeBy(actor))
                return GroupErrors.BeyondOwnAccess;
        }

        return invitations;
    }

    /// <summary>
    /// Writes the members' new access, and tells the authority: one statement, however many they are. It counts from
    /// their next request.
    /// </summary>
    /// <param name="before">The level's settings so far.</param>
    /// <param name="after">The new ones; a setting that a member has switched against the level stays.</param>
    /// <param name="heldBack">See <see cref="LevelChange"/>.</param>
    public static Task<int> FollowLevelAsync(
        this GroupsDbContext db,
        OwnAccessLevel level,
        Access before,
        Access after,
        IReadOnlyList<Guid> heldBack,
        CancellationToken ct
    )
    {
        var restrictions = (int)AccessLevels.Restrictions;
        var baseLevel = AccessLevels.BaseOf(level.RoleType);
        var (preset, stored) = ((int)AccessLevels.Preset(level.RoleType, baseLevel), baseLevel.ToString());
        var (agreed, changed) = ((int)before, (int)(before ^ after));
        // '#' is "exclusive or". As OwnAccessLevel.Follow: of the settings that change, those in which the member
        // agrees with the level change for the member too; and as AccessLevels.Within for those held back.
        return db.Database.ExecuteSqlAsync(
            $"""
            with held as (
                select user_id, ({preset} | switched_on) & ~switched_off as settings
                from groups.memberships
                where group_id = {level.GroupId} and own_level_id = {level.Id} and level = {stored} and not is_owner
            ), following as (
                select user_id, settings as held, settings # ({changed} & ~(settings # {agreed})) as settings from held
            ), followed as (
                update groups.memberships member
                set switched_on = new.settings & ~{preset}, switched_off = {preset} & ~new.settings
                from (
                    select user_id, case when user_id = any({heldBack})
                        then (settings & held & ~{restrictions}) | ((settings | held) & {restrictions})
                        else settings end as settings
                    from following
                ) new
                where member.group_id = {level.GroupId} and member.user_id = new.user_id
                returning member.group_id, member.user_id, member.status = 'Active' as active, new.settings,
                    member.location_ids::text as locations
            )
            select authority.write_memberships(
                array_agg(group_id), array_agg(user_id), array_agg(active), array_agg(settings), array_agg(locations))
            from followed having count(*) > 0
            """,
            ct
        );
    }
}
