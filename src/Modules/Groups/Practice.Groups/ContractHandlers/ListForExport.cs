using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.ContractHandlers;

public static class ListMemberRowsHandler
{
    public static async Task<MemberRowsAnswer> Handle(ListMemberRows query, GroupsDbContext db, CancellationToken ct)
    {
        var members = await db
            .Memberships.AsNoTracking()
            .Where(member => member.GroupId == query.GroupId && (query.After == null || member.UserId > query.After))
            .OrderBy(member => member.UserId)
            .Take(query.Count)
            .ToListAsync(ct);
        return new([.. members.Select(RowOf)]);
    }

    private static MemberRow RowOf(Membership member) =>
        new(
            member.UserId,
            member.Title,
            member.FirstName,
            member.LastName,
            member.Email,
            member.RoleType.ToCode(),
            member.Profession,
            member.RegistrationNumber,
            member.LevelId.ToString(),
            member.IsOwner,
            member.Status.ToCode(),
            member.LocationIds,
            member.JoinedAt,
            member.DeactivatedAt
        );
}

public static class ListAuditRowsHandler
{
    private static readonly AuditFilter Everything = new(null, null, null, null, null, null);

    public static async Task<AuditRowsAnswer> Handle(
        ListAuditRows query,
        GroupsDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var entries = await db.ReadAuditAsync(
            bus,
            query.GroupId,
            db.AuditEntries(query.GroupId, Everything, query.SeesPatients),
            query.After,
            query.Count,
            () => query.SeesPatients,
            ct
        );
        return new([.. entries.Select(RowOf)]);
    }

    private static AuditRow RowOf(AuditView entry) =>
        new(
            entry.Id,
            entry.At,
            entry.ActorId,
            entry.ActorName,
            entry.Authority,
            entry.Act,
            entry.SubjectId,
            entry.PatientId,
            entry.PatientName,
            entry.Sentence,
            [.. entry.Changes.Select(change => new AuditRowChange(change.What, change.From, change.To))],
            entry.Reason
        );
}
