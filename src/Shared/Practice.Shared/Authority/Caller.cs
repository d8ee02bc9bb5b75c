namespace Practice.Shared.Authority;

/// <summary>
/// Who is asking, as <c>authority.enter</c> found it a moment ago, in this very transaction.
/// Handlers of messages have no person behind them: there the caller is the system, and the audit says so.
/// </summary>
/// <param name="UserId">The signed-in person; null for the system and for anonymous calls.</param>
/// <param name="SessionId">The session the request came with.</param>
/// <param name="GroupId">The practice group entered, if any.</param>
/// <param name="Access">The member's effective settings in that group, with <see cref="Access.Owner"/>.</param>
/// <param name="LocationIds">The locations the member is assigned to in that group.</param>
public sealed record Caller(Guid? UserId, Guid? SessionId, Guid? GroupId, Access Access, IReadOnlyList<Guid> LocationIds)
{
    public static readonly Caller Nobody = new(null, null, null, Access.None, []);

    public bool IsOwner => Access.HasFlag(Access.Owner);

    /// <summary>The signed-in person. Only for slices that require a session, where there always is one.</summary>
    public Guid Person => UserId ?? throw new InvalidOperationException("This slice has no signed-in caller: it must require a session.");

    public bool May(Access access) => (Access & access) == access;
}
