namespace Practice.Groups.Domain;

/// <summary>
/// What one member may do to another. Every slice that changes a member checks here, so that no route forgets a guard.
/// </summary>
internal static class Guards
{
    /// <summary>Whether the member has this access, and may use it to change something.</summary>
    public static bool MayChange(this Membership actor, Access required) =>
        actor.Effective.HasFlag(required) && !actor.Effective.HasFlag(Access.ReadOnly);

    /// <summary>
    /// Whether the member may give this access at these locations: they manage users, and it stays within their own
    /// access.
    /// </summary>
    public static bool MayGrant(this Membership actor, Access access, IReadOnlyCollection<Guid> locationIds) =>
        actor.Effective.HasFlag(Access.ManageUsers) && access.IsWithin(actor.Effective) && actor.MayAssign(locationIds);

    /// <summary>
    /// Whether the member may change this one. Only owners change owners, nobody changes a member with more access, and
    /// a member restricted to locations changes nobody who also works elsewhere.
    /// </summary>
    public static bool MayManage(this Membership actor, Membership member) =>
        actor.Outranks(member) && (actor.UserId == member.UserId || actor.MayAssign(member.LocationIds));

    /// <summary>The access that the actor sets for a member, or why they may not.</summary>
    /// <param name="level">Of the member's role type, or of the one they are being converted to.</param>
    /// <param name="settings">Settings that differ from the level; null for the level alone.</param>
    /// <param name="owner">Null leaves it unchanged.</param>
    public static ErrorOr<(AccessChoice Choice, bool Owner)> ChooseAccess(
        this Membership actor,
        Membership member,
        Level level,
        IReadOnlyDictionary<string, bool>? settings,
        bool? owner
    )
    {
        if (actor.UserId == member.UserId && level.Id != member.LevelId && !actor.Holds(level))
            return GroupErrors.BeyondOwnAccess; // also with switched-off settings: the level's name would promise more
        var choice = AccessChoice.Of(level, settings);
        var effective = choice.Effective(level.RoleType);
        var staysOwner = owner ?? member.IsOwner;
        // An own level could be narrowed later, and an owner is never narrowed.
        return staysOwner && (level.OwnId is not null || effective != AccessLevels.Everything)
                ? GroupErrors.OwnerHasFullAccess
            : (staysOwner != member.IsOwner && !actor.IsOwner) || !actor.MayGrant(effective, [])
                ? GroupErrors.BeyondOwnAccess
            : (choice, staysOwner);
    }

    /// <summary>
    /// Whether the actor holds all that the member does. Enough for assigning locations, which have a check of their
    /// own.
    /// </summary>
    public static bool Outranks(this Membership actor, Membership member) =>
        actor.IsOwner || (!member.IsOwner && member.Effective.IsWithin(actor.Effective));

    /// <summary>
    /// Whether the member may make, change or archive an own level with these settings: it stays within their own
    /// access, so that nobody names a level that they could not give.
    /// </summary>
    public static bool MayDefine(this Membership actor, Access settings) =>
        actor.Effective.HasFlag(Access.ManageUsers) && settings.IsWithin(actor.Effective);

    /// <summary>
    /// Whether someone other than the actor may sign in as the member, so that what the actor gives reaches them: they
    /// set the password, and nobody has confirmed the email.
    /// </summary>
    /// <param name="confirmed">Members whose email is known to be confirmed.</param>
    public static bool OthersMayKnowPassword(this Membership member, Membership actor, ConfirmedMembers confirmed) =>
        member.PasswordSetBy is { } setBy && setBy != actor.UserId && !confirmed.Contains(member.UserId);

    /// <summary>Why the member does not get this access; null if they do, or if it gives them nothing more.</summary>
    public static Error? WhyNoMoreAccess(
        this Membership actor,
        Membership member,
        AccessChoice choice,
        bool owner,
        ConfirmedMembers confirmed
    ) =>
        member.OthersMayKnowPassword(actor, confirmed)
        && ((owner && !member.IsOwner) || !choice.Effective(member.RoleType).IsWithin(member.Effective))
            ? GroupErrors.AccountNotConfirmed()
            : null;

    /// <summary>
    /// As <see cref="WhyNoMoreAccess"/>, for another location: it opens more to members who are restricted to theirs.
    /// </summary>
    public static Error? WhyNoMoreLocations(this Membership actor, Membership member, ConfirmedMembers confirmed) =>
        member.Effective.HasFlag(Access.RestrictToAssignedLocations) && member.OthersMayKnowPassword(actor, confirmed)
            ? GroupErrors.AccountNotConfirmed()
            : null;

    private static bool Holds(this Membership actor, Level level) =>
        actor.IsOwner || (level.Settings & ~AccessLevels.Restrictions & ~actor.Effective) == 0;

    /// <summary>Whether the actor may assign these locations: a member restricted to locations has no others.</summary>
    public static bool MayAssign(this Membership actor, IReadOnlyCollection<Guid> locationIds) =>
        !actor.Effective.HasFlag(Access.RestrictToAssignedLocations)
        || (actor.LocationIds.Count > 0 && locationIds.All(actor.LocationIds.Contains));
}
