using Microsoft.EntityFrameworkCore;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data;

public sealed class GroupsDbContext(DbContextOptions<GroupsDbContext> options) : ModuleDbContext(options)
{
    public const string SchemaName = "groups";

    public override string Schema => SchemaName;

    public DbSet<Group> Groups => Set<Group>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<OwnAccessLevel> AccessLevels => Set<OwnAccessLevel>();
    public DbSet<ApiClient> ApiClients => Set<ApiClient>();
    public DbSet<Reservation> Reservations => Set<Reservation>();
    public DbSet<Lookup> Lookups => Set<Lookup>();
    public DbSet<CurrentGroup> CurrentGroups => Set<CurrentGroup>();

    /// <summary>Inside a query: the group's members who are found by each word of the text.</summary>
    public IQueryable<Found> FindMembers(Guid groupId, string text) => FromExpression(() => FindMembers(groupId, text));

    internal Task<Membership?> FindMemberAsync(Guid groupId, Guid userId, CancellationToken ct) =>
        Memberships.SingleOrDefaultAsync(member => member.GroupId == groupId && member.UserId == userId, ct);

    internal Task<List<Membership>> FindActiveMembersAsync(Guid groupId, CancellationToken ct) =>
        Memberships
            .AsNoTracking()
            .Where(member => member.GroupId == groupId && member.Status == MemberStatus.Active)
            .ToListAsync(ct);

    /// <summary>
    /// The group's invitations that the caller may see: a member restricted to locations sees those to one of them.
    /// </summary>
    internal IQueryable<Invitation> VisibleInvitations(Guid groupId) =>
        Invitations.Where(invitation => invitation.GroupId == groupId && WorksAtOneOf(invitation.LocationIds));

    /// <summary>
    /// Who joined or was written to since then, each counted once, besides who made the group.
    /// </summary>
    internal Task<HashSet<Guid>> FindPeopleAddedAsync(Group group, DateTimeOffset since, CancellationToken ct) =>
        Invitations
            .Where(invitation => invitation.GroupId == group.Id && invitation.SentAt > since)
            .Select(invitation => invitation.UserId)
            .Union(Reservations.Where(r => r.GroupId == group.Id && r.ReservedAt > since).Select(r => r.UserId))
            .Union(
                Memberships
                    .Where(member => member.GroupId == group.Id && member.JoinedAt > since)
                    .Where(member => member.JoinedAt != group.CreatedAt) // who made the group
                    .Select(member => member.UserId)
            )
            .ToHashSetAsync(ct);

    /// <summary>The member's invitations that nobody has answered, expired ones included.</summary>
    internal IQueryable<Invitation> OpenInvitationsOf(Membership inviter) =>
        Invitations.Where(invitation =>
            invitation.GroupId == inviter.GroupId
            && invitation.InvitedById == inviter.UserId
            && invitation.Status == InvitationStatus.Pending
        );

    /// <summary>
    /// Writes every change of a membership, an API client or a group's rules to the authority too, in the same
    /// transaction: it counts from the next request.
    /// </summary>
    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        var members = ChangeTracker
            .Entries<Membership>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified)
            .Select(entry => entry.Entity)
            .ToList();
        var groups = ChangeTracker
            .Entries<Group>()
            .Where(entry =>
                entry.State == EntityState.Modified
                && (
                    entry.Property(group => group.RequiresTwoFactor).IsModified
                    || entry.Property(group => group.IdleMinutes).IsModified
                    || entry.Property(group => group.RequiredIssuer).IsModified
                )
            )
            .Select(entry => entry.Entity)
            .ToList();
        var clients = ChangeTracker
            .Entries<ApiClient>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified)
            .Select(entry => entry.Entity)
            .ToList();
        if (members.Count + groups.Count + clients.Count > 0 && Database.CurrentTransaction is null)
            throw new InvalidOperationException("Memberships and rules of groups change in a unit of work only.");

        if (!Call.Caller.RecentlyVerified && Call.Caller.UserId is not null && ChangesWhatOwnersGuard())
            throw new InvalidOperationException("The slice must require a caller who was verified recently.");

        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (members.Count > 0)
            await WriteToAuthorityAsync(members, cancellationToken);

        foreach (var client in clients)
            await Database.ExecuteSqlAsync(
                $"""
                select authority.write_client(
                    {client.Id}, {client.GroupId}, {!client.IsRevoked}, {(int)client.Effective}, {client.ExpiresAt})
                """,
                cancellationToken
            );
        foreach (var group in groups)
            await Database.ExecuteSqlAsync(
                $"""
                select authority.write_group({group.Id}, {group.RequiresTwoFactor}),
                    authority.write_idle_limit({group.Id}, {group.IdleMinutes}),
                    authority.write_sign_in_rule({group.Id}, {group.RequiredIssuer})
                """,
                cancellationToken
            );
        return saved;
    }

    private Task<int> WriteToAuthorityAsync(List<Membership> members, CancellationToken ct)
    {
        var (groupIds, userIds) = (members.Select(m => m.GroupId).ToArray(), members.Select(m => m.UserId).ToArray());
        var active = members.Select(member => member.IsActive).ToArray();
        var settings = members.Select(member => (int)member.Effective).ToArray();
        // Each as the text of an array: PostgreSQL has no arrays of arrays that differ in length.
        var locations = members.Select(member => $"{{{string.Join(',', member.LocationIds)}}}").ToArray();
        return Database.ExecuteSqlAsync(
            $"select authority.write_memberships({groupIds}, {userIds}, {active}, {settings}, {locations})",
            ct
        );
    }

    /// <summary>
    /// Whether somebody gains or loses an owner's rights, or a rule that protects the group's sessions is loosened.
    /// </summary>
    private bool ChangesWhatOwnersGuard() =>
        ChangeTracker
            .Entries<Membership>()
            .Any(entry =>
                entry.State == EntityState.Modified
                && (entry.Entity.IsOwner && entry.Entity.IsActive)
                    != (
                        entry.Property(member => member.IsOwner).OriginalValue
                        && entry.Property(member => member.Status).OriginalValue == MemberStatus.Active
                    )
            )
        || ChangeTracker
            .Entries<Group>()
            .Any(entry =>
                entry.State == EntityState.Modified
                && (
                    (!entry.Entity.RequiresTwoFactor && entry.Property(group => group.RequiresTwoFactor).OriginalValue)
                    || entry.Property(group => group.IdleMinutes).OriginalValue is { } minutes
                        && !(entry.Entity.IdleMinutes <= minutes)
                    || entry.Property(group => group.RequiredIssuer).IsModified
                )
            );

    /// <summary>Always throws: only SaveChangesAsync writes to the authority, and nobody saves synchronously.</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save with SaveChangesAsync, which also writes to the authority.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Found>().HasNoKey().ToTable((string?)null);
        modelBuilder.HasDbFunction(() => FindMembers(Guid.Empty, "")).HasName("find_members");
    }
}
