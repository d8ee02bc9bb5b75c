using Practice.Contracts.Groups;

namespace Practice.Groups.Domain;

public enum InvitationStatus
{
    Pending,
    Accepted,
    Rejected,
    Withdrawn,
    Expired,
}

/// <summary>
/// Asks a person who has an account to join a group. Only that person answers it. It expires by itself: that is
/// computed when it is read.
/// </summary>
public sealed class Invitation
{
    private static readonly TimeSpan BetweenMails = TimeSpan.FromMinutes(5);

    private Invitation() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public string GroupName { get; private init; } = null!;
    public Guid UserId { get; private init; }
    public string Email { get; private init; } = null!;
    public string NormalizedEmail { get; private init; } = null!;
    public RoleType RoleType { get; private set; }
    public string Profession { get; private set; } = null!;
    public string? RegistrationNumber { get; private set; }

    /// <summary>As of <see cref="Membership.Level"/>.</summary>
    public AccessLevel Level { get; private set; }

    public Guid? OwnLevelId { get; private set; }
    public Access SwitchedOn { get; private set; }
    public Access SwitchedOff { get; private set; }
    public List<Guid> LocationIds { get; private set; } = [];

    /// <summary>As stored. <see cref="StatusAt"/> takes the expiry into account.</summary>
    public InvitationStatus Status { get; private set; }

    public Guid InvitedById { get; private set; }
    public string InvitedByName { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it was last mailed.</summary>
    public DateTimeOffset SentAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? AnsweredAt { get; private set; }
    public uint Version { get; private set; }

    public AccessChoice Choice => new(Level, SwitchedOn, SwitchedOff, OwnLevelId);

    public AccessLevelId LevelId => AccessLevelId.Of(RoleType, Level, OwnLevelId);

    internal static Invitation Create(
        Group group,
        Membership inviter,
        MemberProfile invited,
        AccessChoice access,
        IEnumerable<Guid> locationIds,
        DateTimeOffset now,
        TimeSpan expireAfter
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = group.Id,
            GroupName = group.Name,
            UserId = invited.UserId,
            Email = invited.Email,
            NormalizedEmail = EmailAddress.Normalize(invited.Email),
            RoleType = invited.RoleType,
            Profession = invited.Profession,
            RegistrationNumber = invited.RegistrationNumber,
            Level = access.Level,
            OwnLevelId = access.OwnLevelId,
            SwitchedOn = access.SwitchedOn,
            SwitchedOff = access.SwitchedOff,
            LocationIds = [.. locationIds.Distinct()],
            InvitedById = inviter.UserId,
            InvitedByName = inviter.DisplayName,
            CreatedAt = now,
            SentAt = now,
            ExpiresAt = now + expireAfter,
        };

    internal InvitationStatus StatusAt(DateTimeOffset now) =>
        Status == InvitationStatus.Pending && ExpiresAt <= now ? InvitationStatus.Expired : Status;

    /// <summary>The last person to change or resend an invitation is its inviter from then on.</summary>
    internal void SetInviter(Membership inviter) =>
        (InvitedById, InvitedByName) = (inviter.UserId, inviter.DisplayName);

    internal void Change(
        RoleType roleType,
        string profession,
        string? registrationNumber,
        AccessChoice choice,
        IEnumerable<Guid> locationIds
    )
    {
        (RoleType, Profession, RegistrationNumber) = (roleType, profession, registrationNumber);
        SetAccess(choice);
        if (!LocationIds.ToHashSet().SetEquals(locationIds))
            LocationIds = [.. locationIds.Distinct()];
    }

    internal void SetAccess(AccessChoice choice) =>
        (Level, SwitchedOn, SwitchedOff, OwnLevelId) = (
            choice.Level,
            choice.SwitchedOn,
            choice.SwitchedOff,
            choice.OwnLevelId
        );

    internal void Close(InvitationStatus status, DateTimeOffset now) => (Status, AnsweredAt) = (status, now);

    /// <summary>What those who may manage it are told, once it is answered.</summary>
    internal InvitationAnswered ToAnsweredEvent(IEnumerable<Membership> members) =>
        new(
            GroupId,
            GroupName,
            Id,
            Email,
            ToClosedEvent().Status,
            [.. members.Where(IsSeenBy).Select(member => member.UserId)]
        );

    /// <summary>As the list of invitations shows it to a member, who could change it.</summary>
    private bool IsSeenBy(Membership member) =>
        member.UserId != UserId
        && member.MayChange(Access.ManageUsers)
        && (
            !member.Effective.HasFlag(Access.RestrictToAssignedLocations)
            || member.LocationIds.Intersect(LocationIds).Any()
        );

    /// <summary>What other modules are told once it is closed. Expiry is told to nobody.</summary>
    internal InvitationClosed ToClosedEvent() =>
        new(
            GroupId,
            Id,
            UserId,
            Status switch
            {
                InvitationStatus.Accepted => InvitationOutcome.Accepted,
                InvitationStatus.Rejected => InvitationOutcome.Rejected,
                InvitationStatus.Withdrawn => InvitationOutcome.Withdrawn,
                _ => throw new InvalidOperationException($"No event for an invitation that is {Status}."),
            }
        );

    /// <summary>Resending mails a person outside the group, so not again within minutes of the last mail.</summary>
    internal bool CanBeResent(DateTimeOffset now) => now >= SentAt + BetweenMails;

    internal void Renew(DateTimeOffset now, TimeSpan expireAfter) => (SentAt, ExpiresAt) = (now, now + expireAfter);

    /// <summary>Why it cannot be answered now; null if it can.</summary>
    internal Error? WhyNotAnswerable(DateTimeOffset now) =>
        StatusAt(now) switch
        {
            InvitationStatus.Pending => null,
            InvitationStatus.Expired => GroupErrors.CannotAnswerExpiredInvitation,
            InvitationStatus.Accepted or InvitationStatus.Rejected or InvitationStatus.Withdrawn =>
                GroupErrors.InvitationNotPending,
            var unknown => throw new InvalidOperationException($"Unknown invitation status {unknown}."),
        };

    /// <summary>Why this member may not change, resend or withdraw it; null if they may.</summary>
    internal Error? WhyNotManagedBy(Membership actor) =>
        !CouldBeMadeBy(actor) ? GroupErrors.BeyondOwnAccess
        : Status != InvitationStatus.Pending ? GroupErrors.InvitationNotPending
        : null;

    /// <summary>
    /// Whether this member could make it as it is. One that its inviter could no longer make is invalid.
    /// </summary>
    internal bool CouldBeMadeBy(Membership? inviter) =>
        inviter is { IsActive: true } && inviter.MayGrant(Choice.Effective(RoleType), LocationIds);
}
