using Practice.Messages;

namespace Practice.Contracts.Groups;

/// <summary>The group's members for an export, in the order of their ids.</summary>
/// <param name="After">The last one of the page before; null for the first page.</param>
public sealed record ListMemberRows(Guid GroupId, Guid? After, int Count) : Message, IQuery<MemberRowsAnswer>, IInGroup;

public sealed record MemberRowsAnswer(IReadOnlyList<MemberRow> Members);

/// <summary>A member with the fields and codes that the API has.</summary>
public sealed record MemberRow(
    Guid UserId,
    string? Title,
    string FirstName,
    string LastName,
    string Email,
    string RoleType,
    string Profession,
    string? RegistrationNumber,
    string AccessLevel,
    bool Owner,
    string Status,
    IReadOnlyList<Guid> LocationIds,
    DateTimeOffset JoinedAt,
    DateTimeOffset? DeactivatedAt
);

/// <summary>
/// The group's audit for an export, newest first. The export has made sure that its caller manages users, and
/// is not restricted to locations.
/// </summary>
/// <param name="After">The last entry of the page before; null for the first page.</param>
/// <param name="SeesPatients">Whether the caller sees patients and their names.</param>
public sealed record ListAuditRows(Guid GroupId, Guid? After, int Count, bool SeesPatients)
    : Message,
        IQuery<AuditRowsAnswer>,
        IInGroup;

public sealed record AuditRowsAnswer(IReadOnlyList<AuditRow> Entries);

/// <summary>An entry of the audit with the fields and codes that the API has.</summary>
/// <param name="Changes">What was changed, from what to what.</param>
public sealed record AuditRow(
    Guid Id,
    DateTimeOffset At,
    Guid? ActorId,
    string? ActorName,
    string Authority,
    string Act,
    Guid SubjectId,
    Guid? PatientId,
    string? PatientName,
    string Sentence,
    IReadOnlyList<AuditRowChange> Changes,
    string? Reason
);

public sealed record AuditRowChange(string What, string? From, string? To);

/// <summary>The memberships and invitations of a person, who reads what is held about them.</summary>
public sealed record FindMembershipsOf(Guid UserId) : Message, IQuery<MembershipsOfAnswer>, IForPerson;

public sealed record MembershipsOfAnswer(
    IReadOnlyList<OwnMembership> Memberships,
    IReadOnlyList<OwnInvitation> Invitations
);

/// <summary>
/// A person's membership with the codes that the API has. Why it was deactivated is between the practice's members.
/// </summary>
public sealed record OwnMembership(
    Guid GroupId,
    string RoleType,
    string Profession,
    string? RegistrationNumber,
    string AccessLevel,
    bool Owner,
    string Status,
    IReadOnlyList<Guid> LocationIds,
    DateTimeOffset JoinedAt,
    DateTimeOffset? DeactivatedAt
);

/// <summary>An invitation of a person with the codes that the API has.</summary>
public sealed record OwnInvitation(
    Guid Id,
    Guid GroupId,
    string GroupName,
    string Email,
    string RoleType,
    string Profession,
    string AccessLevel,
    string Status,
    string InvitedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? AnsweredAt
);
