using Practice.Groups.Domain;

namespace Practice.Groups.Data;

internal static class AccessPlan
{
    /// <summary>
    /// The access that a change would give a member, or why the actor may not make it: the same for the change and for
    /// its preview.
    /// </summary>
    /// <param name="settings">Settings that differ from the level; null for the level alone.</param>
    /// <param name="owner">Null leaves it unchanged.</param>
    /// <param name="others">The other owners who can act; see <see cref="LastOwner"/>.</param>
    /// <param name="confirmed">See <see cref="Guards.OthersMayKnowPassword"/>.</param>
    public static async Task<ErrorOr<(AccessChoice Choice, bool Owner)>> PlanAccessAsync(
        this GroupsDbContext db,
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
        var chosen = actor.ChooseAccess(member, level, settings, owner);
        if (chosen.IsError)
            return chosen.Errors;
        var (choice, staysOwner) = chosen.Value;
        if (!staysOwner && await db.IsLastOwnerAsync(member, others, ct))
            return GroupErrors.LastOwner;
        return actor.WhyNoMoreAccess(member, choice, staysOwner, confirmed) is { } open ? open : (choice, staysOwner);
    }
}
