using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>What every active member of the group may see of a member.</summary>
internal sealed record MemberView(
    Guid UserId,
    string? Title,
    string FirstName,
    string LastName,
    string Email,
    RoleType RoleType,
    string Profession,
    string? RegistrationNumber,
    bool RegistrationPending,
    AccessLevel AccessLevel,
    bool Owner,
    MemberStatus Status,
    IReadOnlyList<Guid> LocationIds,
    DateTimeOffset JoinedAt,
    DateTimeOffset? DeactivatedAt
)
{
    public static MemberView Of(Membership member) =>
        new(
            member.UserId,
            member.Title,
            member.FirstName,
            member.LastName,
            member.Email,
            member.RoleType,
            member.Profession,
            member.RegistrationNumber,
            member.RegistrationPending,
            member.Level,
            member.IsOwner,
            member.Status,
            member.LocationIds,
            member.JoinedAt,
            member.DeactivatedAt
        );
}
