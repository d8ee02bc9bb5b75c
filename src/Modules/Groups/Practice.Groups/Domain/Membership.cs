namespace Practice.Groups.Domain;

public enum MemberStatus
{
    Active,
    Deactivated,
}

/// <summary>A user in a practice group. Never deleted, only deactivated.</summary>
public sealed class Membership
{
    private Membership() { }

    public Guid GroupId { get; private init; }
    public Guid UserId { get; private init; }

    /// <summary>Email and name are copies of the account's. Its events keep them in sync.</summary>
    public string Email { get; private set; } = null!;

    public string? Title { get; private set; }
    public string FirstName { get; private set; } = null!;
    public string LastName { get; private set; } = null!;

    public RoleType RoleType { get; private set; }
    public string Profession { get; private set; } = null!;
    public string? RegistrationNumber { get; private set; }

    /// <summary>The preset, or with <see cref="OwnLevelId"/> what the access is stored against.</summary>
    public AccessLevel Level { get; private set; }

    /// <summary>The group's own level, if the member has one. Owners have none.</summary>
    public Guid? OwnLevelId { get; private set; }

    public Access SwitchedOn { get; private set; }
    public Access SwitchedOff { get; private set; }
    public bool IsOwner { get; private set; }
    public List<Guid> LocationIds { get; private set; } = [];

    public MemberStatus Status { get; private set; }
    public DateTimeOffset JoinedAt { get; private init; }
    public DateTimeOffset? DeactivatedAt { get; private set; }
    public string? DeactivationReason { get; private set; }

    /// <summary>The member ended the membership. Only an invitation that they accept brings them back.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>
    /// Who has set the password of the member's account for them: they may sign in to it until its email is confirmed.
    /// Null where nobody has; <see cref="Guid.Empty"/> where several have, or an earlier version did not note it.
    /// </summary>
    public Guid? PasswordSetBy { get; private set; }

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public uint Version { get; private set; }

    public bool IsActive => Status == MemberStatus.Active;

    /// <summary>A practitioner without a registration number yet.</summary>
    public bool RegistrationPending => LacksRegistration(RoleType, RegistrationNumber);

    public static bool LacksRegistration(RoleType roleType, string? registrationNumber) =>
        roleType == RoleType.Practitioner && registrationNumber is null;

    public AccessChoice Choice => new(Level, SwitchedOn, SwitchedOff, OwnLevelId);

    public AccessLevelId LevelId => AccessLevelId.Of(RoleType, Level, OwnLevelId);

    /// <summary>What the member may do. An owner may do everything, and nothing restricts them.</summary>
    public Access Effective => IsOwner ? AccessLevels.Everything | Access.Owner : Choice.Effective(RoleType);

    public string DisplayName =>
        string.Join(' ', new[] { Title, FirstName, LastName }.Where(part => !string.IsNullOrEmpty(part)));

    internal static Membership Join(
        Guid groupId,
        MemberProfile profile,
        AccessChoice access,
        IEnumerable<Guid> locationIds,
        DateTimeOffset now
    ) =>
        new()
        {
            GroupId = groupId,
            UserId = profile.UserId,
            Email = profile.Email,
            Title = profile.Title,
            FirstName = profile.FirstName,
            LastName = profile.LastName,
            RoleType = profile.RoleType,
            Profession = profile.Profession,
            RegistrationNumber = profile.RegistrationNumber,
            Level = access.Level,
            OwnLevelId = access.OwnLevelId,
            SwitchedOn = access.SwitchedOn,
            SwitchedOff = access.SwitchedOff,
            LocationIds = [.. locationIds.Distinct()],
            JoinedAt = now,
        };

    /// <summary>The membership of the person who creates the group.</summary>
    internal static Membership JoinAsFirstOwner(
        Guid groupId,
        MemberProfile profile,
        Guid firstLocationId,
        DateTimeOffset now
    )
    {
        var owner = Join(
            groupId,
            profile,
            new AccessChoice(AccessLevel.Full, Access.None, Access.None),
            [firstLocationId],
            now
        );
        owner.IsOwner = true;
        return owner;
    }

    /// <summary>
    /// Somebody is about to set the password. Of two at once nobody knows which is set last, so neither is forgotten.
    /// </summary>
    internal void NotePasswordSetBy(Guid userId) =>
        PasswordSetBy = PasswordSetBy is null || PasswordSetBy == userId ? userId : Guid.Empty;

    internal void ChangeProfession(string profession, string? registrationNumber) =>
        (Profession, RegistrationNumber) = (profession, registrationNumber);

    /// <summary>Changes the role type and everything that depends on it.</summary>
    internal void Convert(RoleType roleType, string profession, string? registrationNumber, AccessChoice choice)
    {
        RoleType = roleType;
        ChangeProfession(profession, registrationNumber);
        ChangeAccess(choice, IsOwner);
    }

    internal void ChangeAccess(AccessChoice choice, bool owner) =>
        (Level, SwitchedOn, SwitchedOff, OwnLevelId, IsOwner) = (
            choice.Level,
            choice.SwitchedOn,
            choice.SwitchedOff,
            choice.OwnLevelId,
            owner
        );

    internal void Assign(IEnumerable<Guid> locationIds) => LocationIds = [.. locationIds.Distinct()];

    internal void Deactivate(string? reason, DateTimeOffset now) =>
        (Status, DeactivatedAt, DeactivationReason) = (MemberStatus.Deactivated, now, reason);

    internal void Leave(DateTimeOffset now)
    {
        Deactivate("left", now);
        HasLeft = true;
    }

    internal void Reactivate() =>
        (Status, DeactivatedAt, DeactivationReason, HasLeft) = (MemberStatus.Active, null, null, false);

    /// <summary>A member who had left accepts an invitation. They are no owner any more.</summary>
    internal void Rejoin(MemberProfile profile, AccessChoice access, IEnumerable<Guid> locationIds)
    {
        Reactivate();
        (Email, Title, FirstName, LastName) = (profile.Email, profile.Title, profile.FirstName, profile.LastName);
        Assign(locationIds);
        RoleType = profile.RoleType;
        ChangeProfession(profile.Profession, profile.RegistrationNumber);
        ChangeAccess(access, owner: false);
    }

    /// <summary>Who is no member any more is known to the group as they were when they were one.</summary>
    /// <returns>Whether the member has another name now.</returns>
    internal bool SyncAccount(string email, string? title, string firstName, string lastName)
    {
        if (!IsActive)
            return false;
        var renamed = (Title, FirstName, LastName) != (title, firstName, lastName);
        (Email, Title, FirstName, LastName) = (email, title, firstName, lastName);
        return renamed;
    }
}

/// <summary>The person who joins: as the form has it, or as their account has it.</summary>
internal sealed record MemberProfile(
    Guid UserId,
    string Email,
    string? Title,
    string FirstName,
    string LastName,
    RoleType RoleType,
    string Profession,
    string? RegistrationNumber
);
