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

    private Grant()
    {
    }

    public Guid Id { get; private init; }

    /// <summary>The account; null for a request to an address that nobody has a portal account with.</summary>
    public Guid? AccountId { get; private init; }

    /// <summary>A copy, for those who may open it.</summary>
    public string? AccountName { get; private set; }

    /// <summary>Whom it is for; null while an offer waits for somebody to prove the address.</summary>
    public Guid? UserId { get; private set; }

    public string UserName { get; private set; } = "";
    public string UserEmail { get; private set; } = "";

    /// <summary>Of a request, the address typed, whose account it is meant for.</summary>
    public string? AskedEmail { get; private init; }

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

    public DateTimeOffset? DeniedAt { get; private set; }
    public uint Version { get; private set; }

    internal static Grant Ask(Guid? accountId, string? accountName, Guid userId, string userName, string userEmail, string askedEmail, PortalRole role, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        AccountId = accountId,
        AccountName = accountName,
        UserId = userId,
        UserName = userName,
        UserEmail = userEmail,
        AskedEmail = askedEmail,
        AskedRole = role,
        Role = role,
        Level = PortalLevel.Administrative,
        Status = GrantStatus.Pending,
        RequestedAt = now,
    };

    /// <summary>Given by the holder without having been asked.</summary>
    internal static Grant Offer(Guid accountId, string accountName, Guid? userId, string userName, string userEmail, PortalRole role, PortalLevel level, DateOnly? endsOn, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        AccountId = accountId,
        AccountName = accountName,
        UserId = userId,
        UserName = userName,
        UserEmail = userEmail,
        Role = role,
        Level = level,
        Status = GrantStatus.Current,
        EndsOn = endsOn,
        RequestedAt = now,
        ApprovedAt = now,
    };

    /// <summary>A request that nobody has decided in time is over.</summary>
    internal bool HasLapsed(DateTimeOffset now) => Status == GrantStatus.Pending && now >= RequestedAt + Patience;

    /// <summary>Whether a new request of the same person would have no effect, because this one was denied a short while ago.</summary>
    internal bool CoolsDown(DateTimeOffset now) => Status == GrantStatus.Disabled && ApprovedAt is null && DeniedAt is { } denied && now < denied + Patience;

    /// <summary>Whether the one it is for may know more of it than what they typed.</summary>
    internal bool ShownToRequester => ApprovedAt is not null;

    /// <summary>The holder decides. False where the transition does not exist.</summary>
    internal bool Decide(GrantStatus status, PortalRole role, PortalLevel level, DateOnly? endsOn, DateTimeOffset now)
    {
        if (Status == GrantStatus.Withdrawn || status is GrantStatus.Pending or GrantStatus.Withdrawn || HasLapsed(now))
            return false;
        if (status == GrantStatus.Disabled && Status != GrantStatus.Disabled)
            DeniedAt = now;
        if (status == GrantStatus.Current)
            ApprovedAt ??= now;
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

    internal void ClaimedBy(Guid userId, string name, string email) => (UserId, UserName, UserEmail) = (userId, name, email);

    internal void RenameUser(string name, string email) => (UserName, UserEmail) = (name, email);

    internal void RenameAccount(string name) => AccountName = name;
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
}
