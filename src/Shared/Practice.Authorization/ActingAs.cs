namespace Practice.Authorization;

/// <summary>
/// What the system sees besides, or instead of, what the caller may see: one group, one portal account, one person's
/// own rows, or what waits for an email address. Slices widen it for a stretch of code
/// (<see cref="CallContext.ActAsSystemIn"/> and the like), and only where that is their very point: creating a group,
/// answering an invitation, reacting to an event.
/// </summary>
internal sealed record ActingAs(
    Guid? GroupId = null,
    Guid? AccountId = null,
    Guid? PersonId = null,
    string? NormalizedEmail = null
)
{
    public static readonly ActingAs Caller = new();

    /// <summary>
    /// After a rollback to a savepoint it is unknown what the transaction sees, so everything is taken back first.
    /// </summary>
    public static readonly ActingAs Unknown = new(Guid.Empty, Guid.Empty, Guid.Empty, "");

    /// <summary>
    /// Whether this replaces or keeps all that <paramref name="earlier"/> saw, so that nothing has to be taken back.
    /// </summary>
    public bool Covers(ActingAs earlier) =>
        earlier != Unknown
        && (GroupId is not null || earlier.GroupId is null)
        && (AccountId is not null || earlier.AccountId is null)
        && (PersonId is not null || earlier.PersonId is null)
        && (NormalizedEmail is not null || earlier.NormalizedEmail is null);
}
