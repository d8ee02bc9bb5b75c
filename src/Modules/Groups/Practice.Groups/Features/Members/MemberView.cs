using System.Linq.Expressions;
using System.Text.Json.Serialization;
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
    AccessLevelId AccessLevel,
    bool Owner,
    MemberStatus Status,
    IReadOnlyList<Guid> LocationIds,
    DateTimeOffset JoinedAt,
    DateTimeOffset? DeactivatedAt,
    [property: JsonIgnore] uint Version
)
{
    /// <summary>Reads only what it shows.</summary>
    public static Expression<Func<Membership, MemberView>> Of { get; } =
        member => new MemberView(
            member.UserId,
            member.Title,
            member.FirstName,
            member.LastName,
            member.Email,
            member.RoleType,
            member.Profession,
            member.RegistrationNumber,
            Membership.LacksRegistration(member.RoleType, member.RegistrationNumber),
            AccessLevelId.Of(member.RoleType, member.Level, member.OwnLevelId),
            member.IsOwner,
            member.Status,
            member.LocationIds,
            member.JoinedAt,
            member.DeactivatedAt,
            member.Version
        );
}
