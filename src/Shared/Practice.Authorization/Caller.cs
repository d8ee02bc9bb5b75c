namespace Practice.Authorization;

/// <summary>
/// Who is asking, as <c>authority.authorize</c> found it a moment ago, in this very transaction.
/// Handlers of messages have no person behind them: there the caller is the system, and the audit says so.
/// </summary>
/// <param name="UserId">The signed-in person, or the API client; null for the system and for anonymous calls.</param>
/// <param name="SessionId">The session the request came with.</param>
/// <param name="GroupId">The practice group that the call is about, if any.</param>
/// <param name="Access">The member's effective settings in that group, with <see cref="Access.Owner"/>.</param>
/// <param name="LocationIds">The locations the member is assigned to in that group.</param>
public sealed record Caller(
    Guid? UserId,
    Guid? SessionId,
    Guid? GroupId,
    Access Access,
    IReadOnlyList<Guid> LocationIds
)
{
    /// <summary>The portal account opened, where the route is one of the patient portal's.</summary>
    public PortalCaller? Portal { get; init; }

    /// <summary>
    /// Whether the person proved who they are within the last 5 minutes, by signing in or by confirming their password.
    /// Dangerous acts require it: a browser left open is not enough.
    /// </summary>
    public bool RecentlyVerified { get; init; }

    /// <summary>Whether the group has ever had a webhook.</summary>
    public bool GroupHasHadWebhook { get; init; }

    /// <summary>
    /// Whether the group requires a sign-in with an identity provider that this session did not begin with. Only calls
    /// that allow such a session get so far.
    /// </summary>
    public bool SignedInWithoutRequiredProvider { get; init; }

    public static readonly Caller Nobody = new(null, null, null, Access.None, []);

    /// <summary>
    /// Whether an API client calls. <see cref="UserId"/> is its id then: it owns nothing of a person's.
    /// </summary>
    public bool IsClient => Access.HasFlag(Access.ApiClient);

    public bool IsOwner => Access.HasFlag(Access.Owner);

    /// <summary>The signed-in person. Only for slices that require a session, where there always is one.</summary>
    public Guid Person =>
        UserId ?? throw new InvalidOperationException("This slice has no signed-in caller: it must require a session.");

    /// <summary>The portal account opened. Only for slices that require one.</summary>
    public PortalCaller Account =>
        Portal ?? throw new InvalidOperationException("This slice has no portal account: it must require one.");

    public bool May(Access access) => (Access & access) == access;
}

/// <summary>A caller in a portal account.</summary>
/// <param name="GrantId">The grant under which, for those granted.</param>
/// <param name="Clinical">Whether clinical data may be seen at this moment.</param>
public sealed record PortalCaller(Guid AccountId, PortalRelation Relation, Guid? GrantId, bool CanEdit, bool Clinical);

public enum PortalRelation
{
    /// <summary>One's own account.</summary>
    Self,

    /// <summary>A dependant's, run by its guardian.</summary>
    Guardian,

    /// <summary>Another person's, who granted access.</summary>
    Granted,
}
