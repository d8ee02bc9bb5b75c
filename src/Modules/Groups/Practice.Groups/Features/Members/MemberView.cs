using System.Data.Common;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>What every active member of the group may see of a member.</summary>
/// <param name="Left">Whether a deactivated member left by themselves. They are added again, not reactivated.</param>
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
    bool Left,
    [property: JsonIgnore] uint Version
)
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "select user_id, title, first_name, last_name, email, role_type, profession, registration_number, level, "
        + "own_level_id, is_owner, status, location_ids, joined_at, deactivated_at, has_left, xmin "
        + "from groups.memberships ";

    public static MemberView Read(DbDataReader row)
    {
        var role = Enum.Parse<RoleType>(row.GetString(5));
        var registration = row.IsDBNull(7) ? null : row.GetString(7);
        return new(
            row.GetGuid(0),
            row.IsDBNull(1) ? null : row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            role,
            row.GetString(6),
            registration,
            Membership.LacksRegistration(role, registration),
            AccessLevelId.Of(role, Enum.Parse<AccessLevel>(row.GetString(8)), row.IsDBNull(9) ? null : row.GetGuid(9)),
            row.GetBoolean(10),
            Enum.Parse<MemberStatus>(row.GetString(11)),
            row.GetFieldValue<Guid[]>(12),
            row.GetFieldValue<DateTimeOffset>(13),
            row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
            row.GetBoolean(15),
            row.GetFieldValue<uint>(16)
        );
    }

    /// <summary>As <see cref="Read"/>, for queries that EF puts together. Reads only what it shows.</summary>
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
            member.HasLeft,
            member.Version
        );
}
