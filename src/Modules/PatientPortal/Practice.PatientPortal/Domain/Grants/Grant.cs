using System.Linq.Expressions;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.Domain.Grants;

public enum GrantStatus
{
    Pending,
    Current,
    Disabled,

    /// <summary>Given up by the person it is for: final.</summary>
    Withdrawn,
}

/// <summary>
/// One person's access to another person's account, requested by them or given by the holder. Before the first approval
/// the requester sees only what they typed (<see cref="VisibleToRequester"/>).
/// </summary>
public sealed class Grant
{
    /// <summary>
    /// How long a request waits before it expires, and how long after a denial a new request has no effect.
    /// </summary>
    public static readonly TimeSpan WaitingPeriod = TimeSpan.FromDays(30);

    /// <summary>The period of the limits on requests and grants.</summary>
    public static readonly TimeSpan LimitPeriod = TimeSpan.FromDays(1);

    private Grant() { }

    public Guid Id { get; private init; }

    /// <summary>
    /// The account; null for a request that has found none, or has no effect because an earlier one was denied.
    /// </summary>
    public Guid? AccountId { get; private set; }

    /// <summary>A copy of the account's name, for the person the grant is for.</summary>
    public string? AccountName { get; private set; }

    /// <summary>The person the grant is for; null until a person has confirmed the address.</summary>
    public Guid? UserId { get; private set; }

    public string UserName { get; private set; } = null!;
    public string UserEmail { get; private set; } = null!;

    /// <summary>Of a request, the typed address of the account's holder.</summary>
    public string? RequestedEmail { get; private init; }

    public string? NormalizedRequestedEmail { get; private init; }

    /// <summary>Of a request, the requested role; null for a grant that the holder gave unasked.</summary>
    public PortalRole? RequestedRole { get; private init; }

    public PortalRole Role { get; private set; }
    public PortalLevel Level { get; private set; }
    public GrantStatus Status { get; private set; }

    /// <summary>
    /// The guardian, or the person themselves, who gave or last approved it. It shows no more than they see.
    /// </summary>
    public Guid? GivenById { get; private set; }

    /// <summary>The last day, included.</summary>
    public DateOnly? EndsOn { get; private set; }

    public DateTimeOffset RequestedAt { get; private init; }

    /// <summary>When a holder first approved it. From then on the person it is for sees its status.</summary>
    public DateTimeOffset? ApprovedAt { get; private set; }

    /// <summary>
    /// When it was denied or revoked, unless it was approved since. Withdrawing it does not clear this.
    /// </summary>
    public DateTimeOffset? DeniedAt { get; private set; }

    public uint Version { get; private set; }

    /// <summary>A request. Whether the address has an account is not known yet.</summary>
    internal static Grant Request(
        Guid userId,
        string userName,
        string userEmail,
        string requestedEmail,
        PortalRole role,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            UserName = userName,
            UserEmail = userEmail,
            RequestedEmail = requestedEmail.Trim(),
            NormalizedRequestedEmail = EmailAddress.Normalize(requestedEmail),
            RequestedRole = role,
            Role = role,
            Level = PortalLevel.Administrative,
            Status = GrantStatus.Pending,
            RequestedAt = now,
        };

    /// <summary>A grant that the holder gives unasked. Whether the address has an account is not known yet.</summary>
    internal static Grant Give(
        PortalAccount account,
        string userEmail,
        PortalRole role,
        PortalLevel level,
        DateOnly? endsOn,
        Guid by,
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
            GivenById = by,
            RequestedAt = now,
            ApprovedAt = now,
        };

    /// <summary>Whether the request was not decided in time.</summary>
    internal bool HasExpired(DateTimeOffset now) => Status == GrantStatus.Pending && now >= RequestedAt + WaitingPeriod;

    /// <summary>
    /// Whether a new request of the same person has no effect, because this one was denied or revoked recently.
    /// </summary>
    internal bool BlocksNewRequests(DateTimeOffset now) => DeniedAt is { } denied && now < denied + WaitingPeriod;

    /// <summary>Whether it is current and its last day is not over.</summary>
    internal bool GivesAccess(DateOnly today) => GivesAccess(Status, EndsOn, today);

    /// <inheritdoc cref="GivesAccess(DateOnly)"/>
    internal static bool GivesAccess(GrantStatus status, DateOnly? endsOn, DateOnly today) =>
        status == GrantStatus.Current && !(endsOn < today);

    /// <summary>Its status on a day: one past its last day gives no access, so it is disabled.</summary>
    internal GrantStatus StatusOn(DateOnly today) => StatusOn(Status, EndsOn, today);

    /// <inheritdoc cref="StatusOn(DateOnly)"/>
    internal static GrantStatus StatusOn(GrantStatus status, DateOnly? endsOn, DateOnly today) =>
        status == GrantStatus.Current && !GivesAccess(status, endsOn, today) ? GrantStatus.Disabled : status;

    /// <summary>
    /// What the holder sees, and decides about. The entity tag is made of it and not of the row: finding the person of
    /// an address changes the row, and must not show.
    /// </summary>
    /// <param name="name">Null where the person did not request access.</param>
    /// <param name="shown">The status on the day: see <see cref="StatusOn(DateOnly)"/>.</param>
    internal static string StateForHolder(
        Guid id,
        string? name,
        string email,
        PortalRole role,
        PortalLevel level,
        GrantStatus shown,
        DateOnly? endsOn
    ) => string.Join('\n', "grant", id, role, level, shown, endsOn?.DayNumber, email, name);

    /// <inheritdoc cref="StateForHolder(Guid, string, string, PortalRole, PortalLevel, GrantStatus, DateOnly?)"/>
    internal string StateForHolder(DateOnly today) =>
        StateForHolder(Id, NameForOthers, UserEmail, Role, Level, StatusOn(today), EndsOn);

    /// <summary>
    /// The person's name, for the holder and for practices. Null where the person did not request access: then they
    /// know only the address, and nothing tells them whether it has an account.
    /// </summary>
    internal string? NameForOthers => RequestedRole is null ? null : UserName;

    /// <summary>The address that practices know the person by, normalized; null where they know the name.</summary>
    internal string? AddressForOthers => RequestedRole is null ? EmailAddress.Normalize(UserEmail) : null;

    /// <summary>
    /// Whether both sides see each other's new names and addresses: while access is given or asked for. Who was denied,
    /// or whose access has ended, learns nothing new, and neither does the holder of them.
    /// </summary>
    /// <param name="today">A grant past its last day on this day has ended.</param>
    internal static Expression<Func<Grant, bool>> IsFollowed(DateOnly today) =>
        grant =>
            grant.Status == GrantStatus.Pending
            || (grant.Status == GrantStatus.Current && (grant.EndsOn == null || grant.EndsOn >= today));

    /// <summary>Whether it is a request that waits for a decision.</summary>
    internal bool IsWaiting(DateTimeOffset now) => Status == GrantStatus.Pending && !HasExpired(now);

    /// <summary>Whether it gives access or waits for a decision.</summary>
    internal bool IsOpen(DateTimeOffset now) => Status == GrantStatus.Current || IsWaiting(now);

    /// <summary>The request has found its account.</summary>
    internal void LinkTo(PortalAccount account) => (AccountId, AccountName) = (account.Id, account.Name);

    /// <summary>Whether the requester may see more of it than what they typed.</summary>
    internal bool VisibleToRequester => ApprovedAt is not null;

    /// <summary>
    /// Whether it looks pending to the requester. A denied request looks the same, so repeating either must do nothing.
    /// </summary>
    internal bool LooksPendingToRequester(DateTimeOffset now) => !VisibleToRequester && IsListedForRequester(now);

    /// <summary>
    /// Whether the requester sees it at all. A request that was never approved disappears after a while.
    /// </summary>
    internal bool IsListedForRequester(DateTimeOffset now) =>
        Status != GrantStatus.Withdrawn && (VisibleToRequester || now < RequestedAt + WaitingPeriod);

    /// <summary>The holder decides. False if there is no such transition.</summary>
    /// <param name="by">Who decides.</param>
    internal bool Decide(
        GrantStatus status,
        PortalRole role,
        PortalLevel level,
        DateOnly? endsOn,
        Guid by,
        DateTimeOffset now
    )
    {
        if (
            Status == GrantStatus.Withdrawn
            || status is GrantStatus.Pending or GrantStatus.Withdrawn
            || HasExpired(now)
        )
            return false;
        if (status == GrantStatus.Disabled && Status != GrantStatus.Disabled)
            DeniedAt = now;
        if (status == GrantStatus.Current)
            (ApprovedAt, DeniedAt, GivenById) = (ApprovedAt ?? now, null, by);
        (Status, Role, Level, EndsOn) = (status, role, level, endsOn);
        return true;
    }

    /// <summary>
    /// Access is given again. Names and addresses were not followed while it gave none
    /// (<see cref="IsFollowed"/>).
    /// </summary>
    /// <param name="person">Of a request, whom it is for; null where the copies are up to date.</param>
    internal void Refresh(PortalAccount account, AccountFacts? person)
    {
        if (Status != GrantStatus.Current)
            return;
        AccountName = account.Name;
        if (RequestedRole is not null && person is not null && person.UserId == UserId)
            (UserName, UserEmail) = (person.FullName(), person.Email);
    }

    /// <summary>The person it is for gives it up. False if they did so before.</summary>
    internal bool Withdraw()
    {
        if (Status == GrantStatus.Withdrawn)
            return false;
        Status = GrantStatus.Withdrawn;
        return true;
    }

    /// <summary>
    /// The holder gives access at its address again, by another grant. It counts for the day's limit.
    /// </summary>
    internal void Replace() => (Status, DeniedAt) = (GrantStatus.Withdrawn, null);

    /// <summary>Whether it was given unasked within the time that the limit looks at.</summary>
    internal bool CountsForLimit(DateTimeOffset now) => RequestedRole is null && RequestedAt > now - LimitPeriod;

    /// <summary>
    /// The address belongs to this person. The holder, who knows only the address, does not see the name.
    /// </summary>
    internal void AssignTo(Guid userId, string name) => (UserId, UserName) = (userId, name);

    /// <summary>
    /// The guardian who gave it is a guardian no more: they left, or the dependant has taken over the account and
    /// decides now. This is no denial. Whom the guardians let in knows the account by its name until then.
    /// </summary>
    internal void End() => Status = GrantStatus.Disabled;
}
