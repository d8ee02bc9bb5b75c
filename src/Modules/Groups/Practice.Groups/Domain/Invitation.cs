namespace Practice.Groups.Domain;

public enum InvitationStatus
{
    Pending,
    Accepted,
    Rejected,
    Withdrawn,
    Expired,
}

/// <summary>An existing person asked to join a group. Only that person answers it; it lapses by itself, computed when read.</summary>
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
    public AccessLevel Level { get; private set; }
    public Access SwitchedOn { get; private set; }
    public Access SwitchedOff { get; private set; }
    public List<Guid> LocationIds { get; private set; } = [];

    /// <summary>As stored; <see cref="StatusAt"/> knows about expiry.</summary>
    public InvitationStatus Status { get; private set; }

    public Guid InvitedById { get; private set; }
    public string InvitedByName { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? AnsweredAt { get; private set; }
    public uint Version { get; private set; }

    public AccessChoice Choice => new(Level, SwitchedOn, SwitchedOff);

    internal static Invitation Make(
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
            SwitchedOn = access.SwitchedOn,
            SwitchedOff = access.SwitchedOff,
            LocationIds = [.. locationIds.Distinct()],
            InvitedById = inviter.UserId,
            InvitedByName = inviter.DisplayName,
            CreatedAt = now,
            ExpiresAt = now + expireAfter,
        };

    internal InvitationStatus StatusAt(DateTimeOffset now) =>
        Status == InvitationStatus.Pending && ExpiresAt <= now ? InvitationStatus.Expired : Status;

    /// <summary>Who changes or resends an invitation stands for it from then on.</summary>
    internal void StandsFor(Membership inviter) => (InvitedById, InvitedByName) = (inviter.UserId, inviter.DisplayName);

    internal void Change(
        RoleType roleType,
        string profession,
        string? registrationNumber,
        AccessChoice choice,
        IEnumerable<Guid> locationIds
    )
    {
        (RoleType, Profession, RegistrationNumber) = (roleType, profession, registrationNumber);
        (Level, SwitchedOn, SwitchedOff) = (choice.Level, choice.SwitchedOn, choice.SwitchedOff);
        LocationIds = [.. locationIds.Distinct()];
    }

    internal void Close(InvitationStatus status, DateTimeOffset now) => (Status, AnsweredAt) = (status, now);

    /// <summary>Resending mails somebody outside the group: not again within minutes of the last time, from which the expiry runs.</summary>
    internal bool MayBeSentAgain(DateTimeOffset now, TimeSpan expireAfter) =>
        now >= ExpiresAt - expireAfter + BetweenMails;

    internal void Renew(DateTimeOffset now, TimeSpan expireAfter) => ExpiresAt = now + expireAfter;

    /// <summary>Why it can't be answered now; null where it can.</summary>
    internal Error? RefuseAnswer(DateTimeOffset now) =>
        StatusAt(now) switch
        {
            InvitationStatus.Pending => null,
            InvitationStatus.Expired => GroupErrors.InvitationExpired,
            _ => GroupErrors.InvitationNotPending,
        };

    /// <summary>Whether its inviter could still make it.</summary>
    internal bool MayStand(Membership? inviter) =>
        inviter is { IsActive: true } && inviter.MayGrant(Choice.Effective(RoleType), LocationIds);
}
