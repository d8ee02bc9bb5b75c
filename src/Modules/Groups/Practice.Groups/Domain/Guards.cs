namespace Practice.Groups.Domain;

/// <summary>What one member may do to another. Every slice that changes a member asks here, so that no entrance forgets a guard.</summary>
internal static class Guards
{
    /// <summary>Whether the member may give somebody this access at these locations: managing users, and nothing beyond their own.</summary>
    public static bool MayGrant(this Membership actor, Access access, IReadOnlyCollection<Guid> locationIds) =>
        actor.Effective.HasFlag(Access.ManageUsers) && access.IsWithin(actor.Effective) && actor.MayAssign(locationIds);

    /// <summary>
    /// Whether the member may change this one: owners only by owners, nobody who holds more, and those restricted to
    /// their locations nobody who works elsewhere too.
    /// </summary>
    public static bool MayManage(this Membership actor, Membership member) =>
        actor.Outranks(member) && (actor.UserId == member.UserId || actor.MayAssign(member.LocationIds));

    /// <summary>What the actor would set a member's access to, or why they may not.</summary>
    /// <param name="roleType">The member's, or the one that they are about to get.</param>
    /// <param name="settings">Switches against the level's preset; null for the bare preset.</param>
    /// <param name="owner">Null: unchanged.</param>
    public static ErrorOr<(AccessChoice Choice, bool Owner)> ChooseAccess(
        this Membership actor,
        Membership member,
        RoleType roleType,
        AccessLevel level,
        IReadOnlyDictionary<string, bool>? settings,
        bool? owner
    )
    {
        if (!level.IsFor(roleType))
            return GroupErrors.LevelNotForRoleType;
        var choice = AccessChoice.Of(roleType, level, settings);
        var staysOwner = owner ?? member.IsOwner;
        return staysOwner && choice.Effective(roleType) != AccessLevels.Everything ? GroupErrors.OwnerIsNotNarrowed
            : (staysOwner != member.IsOwner && !actor.IsOwner) || !actor.MayGrant(choice.Effective(roleType), [])
                ? GroupErrors.BeyondOwnAccess
            : (choice, staysOwner);
    }

    /// <summary>Whether this one holds nothing that the member doesn't: enough for assigning locations, where those say how far it goes.</summary>
    public static bool Outranks(this Membership actor, Membership member) =>
        actor.IsOwner || (!member.IsOwner && member.Effective.IsWithin(actor.Effective));

    /// <summary>A member restricted to their locations reaches no others.</summary>
    public static bool MayAssign(this Membership actor, IReadOnlyCollection<Guid> locationIds) =>
        !actor.Effective.HasFlag(Access.RestrictToAssignedLocations)
        || (actor.LocationIds.Count > 0 && locationIds.All(actor.LocationIds.Contains));
}
