namespace Practice.PatientPortal.Domain;

public enum PortalRole
{
    /// <summary>Look only.</summary>
    View,

    /// <summary>Look and change.</summary>
    Edit,
}

public enum PortalLevel
{
    /// <summary>Appointments and invoices only.</summary>
    Administrative,

    /// <summary>Appointments, invoices and clinical records.</summary>
    Clinical,
}

public enum GrantStatus
{
    Pending,
    Current,
    Disabled,

    /// <summary>Taken back by the one it is for: terminal.</summary>
    Withdrawn,
}

/// <summary>
/// One person's access to another's portal account, asked for or given. Before a first approval the person it is for sees
/// nothing but what they typed: <see cref="ShownToRequester"/>.
/// </summary>
public sealed class Grant
{
    /// <summary>How long a request waits before it lapses, and how long after a denial a new one has no effect.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(30);

    /// <summary>The time in which so many may be asked for, or given, and no more.</summary>
    public static readonly TimeSpan ADay = TimeSpan.FromDays(1);

    private Grant() { }

    public Guid Id { get; private init; }

    /// <summary>The account; null for a request that has found none, or that has no effect since an earlier one was denied.</summary>
    public Guid? AccountId { get; private set; }

    /// <summary>A copy, for those who may open it.</summary>
    public string? AccountName { get; private set; }

    /// <summary>Whom it is for; null while an offer waits for somebody to prove the address.</summary>
    public Guid? UserId { get; private set; }

    public string UserName { get; private set; } = null!;
    public string UserEmail { get; private set; } = null!;

    /// <summary>Of a request, the address typed, whose account it is meant for.</summary>
    public string? AskedEmail { get; private init; }

    public string? NormalizedAskedEmail { get; private init; }

    /// <summary>Of a request, the role asked for.</summary>
    public PortalRole? AskedRole { get; private init; }

    public PortalRole Role { get; private set; }
    public PortalLevel Level { get; private set; }
    public GrantStatus Status { get; private set; }

    /// <summary>The last day, included.</summary>
    public DateOnly? EndsOn { get; private set; }

    public DateTimeOffset RequestedAt { get; private init; }

    /// <summary>When a holder first approved it: from then on the person it is for sees how it stands.</summary>
    public DateTimeOffset? ApprovedAt { get; private set; }

    /// <summary>When it was denied or revoked, unless it was approved since. Taking it back doesn't undo that.</summary>
    public DateTimeOffset? DeniedAt { get; private set; }

    public uint Version { get; private set; }

    /// <summary>Asked for, at an address of which nobody has looked yet whether it has an account.</summary>
    internal static Grant Ask(
        Guid userId,
        string userName,
        string userEmail,
        string askedEmail,
        PortalRole role,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            UserName = userName,
            UserEmail = userEmail,
            AskedEmail = askedEmail.Trim(),
            NormalizedAskedEmail = EmailAddress.Normalize(askedEmail),
            AskedRole = role,
            Role = role,
            Level = PortalLevel.Administrative,
            Status = GrantStatus.Pending,
            RequestedAt = now,
        };

    /// <summary>Given by the holder without having been asked, to an address of which nobody has looked yet whether it has an account.</summary>
    internal static Grant Offer(
        PortalAccount account,
        string userEmail,
        PortalRole role,
        PortalLevel level,
        DateOnly? endsOn,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            AccountName = account.Name,
            UserName = "",
            UserEmail = userEmail.Trim(),
            Role = role,
            Level = level,
            Status = GrantStatus.Current,
            EndsOn = endsOn,
            RequestedAt = now,
            ApprovedAt = now,
        };

    /// <summary>A request that nobody has decided in time is over.</summary>
    internal bool HasLapsed(DateTimeOffset now) => Status == GrantStatus.Pending && now >= RequestedAt + Patience;

    /// <summary>Whether a new request of the same person would have no effect, because this one was denied or revoked a short while ago.</summary>
    internal bool CoolsDown(DateTimeOffset now) => DeniedAt is { } denied && now < denied + Patience;

    /// <summary>Whether it stands: waiting to be decided, or letting somebody in.</summary>
    internal bool IsOpen(DateTimeOffset now) =>
        Status == GrantStatus.Current || (Status == GrantStatus.Pending && !HasLapsed(now));

    /// <summary>The request has found its account.</summary>
    internal void LinkTo(PortalAccount account) => (AccountId, AccountName) = (account.Id, account.Name);

    /// <summary>Whether the one it is for may know more of it than what they typed.</summary>
    internal bool ShownToRequester => ApprovedAt is not null;

    /// <summary>Whether it looks like a request that waits, which a denied one does as well: repeating it must then do nothing.</summary>
    internal bool LooksPending(DateTimeOffset now) => !ShownToRequester && IsListedForRequester(now);

    /// <summary>Whether the one it is for sees it at all: what was never approved is gone after a time, whatever became of it.</summary>
    internal bool IsListedForRequester(DateTimeOffset now) =>
        Status != GrantStatus.Withdrawn && (ShownToRequester || now < RequestedAt + Patience);

    /// <summary>The holder decides. False where the transition does not exist.</summary>
    internal bool Decide(GrantStatus status, PortalRole role, PortalLevel level, DateOnly? endsOn, DateTimeOffset now)
    {
        if (Status == GrantStatus.Withdrawn || status is GrantStatus.Pending or GrantStatus.Withdrawn || HasLapsed(now))
            return false;
        if (status == GrantStatus.Disabled && Status != GrantStatus.Disabled)
            DeniedAt = now;
        if (status == GrantStatus.Current)
            (ApprovedAt, DeniedAt) = (ApprovedAt ?? now, null);
        (Status, Role, Level, EndsOn) = (status, role, level, endsOn);
        return true;
    }

    /// <summary>The one it is for takes it back. False where that was done before.</summary>
    internal bool Withdraw()
    {
        if (Status == GrantStatus.Withdrawn)
            return false;
        Status = GrantStatus.Withdrawn;
        return true;
    }

    /// <summary>Whose address it is. The holder, who knows only the address, is not shown the name.</summary>
    internal void BelongTo(Guid userId, string name) => (UserId, UserName) = (userId, name);

    /// <summary>The account has gone over to the person whose data it holds. It is they who decide now; nothing was denied.</summary>
    internal void End(string accountName) => (Status, AccountName) = (GrantStatus.Disabled, accountName);
}

/// <summary>What waits for somebody to prove an address: a grant, or a guardianship. It holds no name and no data.</summary>
public sealed class Offer
{
    public required Guid Id { get; init; }
    public required string NormalizedEmail { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The grant; null for a guardianship.</summary>
    public Guid? GrantId { get; init; }

    public Relationship? Relationship { get; init; }
    public Guid? AddedById { get; init; }
    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>A guardianship, which nobody can take back, waits at a perhaps mistyped address no longer than a request does; a grant until it is disabled.</summary>
    internal bool HasLapsed(DateTimeOffset now) => GrantId is null && now >= OfferedAt + Grant.Patience;
}
