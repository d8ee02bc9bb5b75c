using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

/// <summary>Which owners of a group have connected the identity provider that it requires, or is about to.</summary>
internal static class ConnectedOwners
{
    /// <summary>It asks another module, so it comes before the lock.</summary>
    public static async Task<IReadOnlyList<Guid>> FindConnectedOwnersAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        string issuer,
        CancellationToken ct
    )
    {
        var owners = await db.ActiveOwners(groupId).Select(owner => owner.UserId).ToListAsync(ct);
        return (await bus.QueryAsync(new FindConnectedAccounts(owners, issuer), ct)).UserIds;
    }

    public static IQueryable<Membership> ActiveOwners(this GroupsDbContext db, Guid groupId) =>
        db
            .Memberships.AsNoTracking()
            .Where(member => member.GroupId == groupId && member.IsOwner && member.Status == MemberStatus.Active);

    /// <summary>
    /// Those of these owners whom the group's own rule lets in: all of them, unless it requires a provider that people
    /// can sign in with here.
    /// </summary>
    public static async Task<IReadOnlyList<Guid>> FilterConnectedAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> owners,
        CancellationToken ct
    )
    {
        if (owners.Count == 0)
            return owners;
        var required = await db
            .Groups.Where(group => group.Id == groupId)
            .Select(group => group.RequiredIssuer)
            .SingleOrDefaultAsync(ct);
        if (required is null)
            return owners;
        var offered = (await bus.QueryAsync(new ListIdentityProviders(), ct)).Providers;
        return offered.Any(provider => provider.Issuer == required)
            ? (await bus.QueryAsync(new FindConnectedAccounts(owners, required), ct)).UserIds
            : owners;
    }
}
