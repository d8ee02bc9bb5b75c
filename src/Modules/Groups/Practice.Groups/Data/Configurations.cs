using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data;

internal sealed class GroupConfiguration : IEntityTypeConfiguration<Group>
{
    public void Configure(EntityTypeBuilder<Group> group)
    {
        group.ToTable("groups");
        group.HasKey(g => g.Id);
        group.Property(g => g.Id).ValueGeneratedNever();
        group.Property(g => g.Version).IsRowVersion();
        group.Property(g => g.UpdatedAt).IsNotedByTheDatabase();
        group.Property(g => g.Name).UseCollation(Collations.AsPeopleSort);
    }
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    /// <summary>The columns that order the list of members: the family name first.</summary>
    public const string LastNameKey = "LastNameKey";

    /// <inheritdoc cref="LastNameKey"/>
    public const string FirstNameKey = "FirstNameKey";

    public void Configure(EntityTypeBuilder<Membership> member)
    {
        member.ToTable("memberships");
        member.HasKey(m => new { m.GroupId, m.UserId });
        member.Property(m => m.RoleType).HasConversion<string>();
        member.Property(m => m.Level).HasConversion<string>();
        member.Property(m => m.Status).HasConversion<string>();
        member.Property(m => m.Version).IsRowVersion();
        member.Property(m => m.UpdatedAt).IsNotedByTheDatabase();
        foreach (var (key, column) in new[] { (LastNameKey, "last_name"), (FirstNameKey, "first_name") })
            member
                .Property<string>(key)
                .UseCollation(Collations.ByCodePoint)
                .HasComputedColumnSql($"left(search.fold({column}), 100)", stored: true);
        member.Ignore(m => m.Choice);
        member.Ignore(m => m.LevelId);
        member.Ignore(m => m.Effective);
        member.HasIndex(nameof(Membership.GroupId), LastNameKey, FirstNameKey, nameof(Membership.UserId));
        member.HasIndex(m => m.UserId);
        member.HasIndex(m => new { m.GroupId, m.OwnLevelId }).HasFilter("own_level_id is not null");
    }
}

internal sealed class MemberWordConfiguration : IEntityTypeConfiguration<MemberWord>
{
    public void Configure(EntityTypeBuilder<MemberWord> word)
    {
        word.ToTable("member_words");
        word.HasKey(w => new
        {
            w.GroupId,
            w.Word,
            w.UserId,
        });
        word.Property(w => w.Word).UseCollation(Collations.ByCodePoint);
        word.HasOne<Membership>().WithMany().HasForeignKey(w => new { w.GroupId, w.UserId });
    }
}

internal sealed class LookupConfiguration : IEntityTypeConfiguration<Lookup>
{
    public void Configure(EntityTypeBuilder<Lookup> lookup)
    {
        lookup.ToTable("lookups");
        lookup.HasKey(l => l.Id);
        lookup.Property(l => l.Id).ValueGeneratedNever();
        lookup.Property(l => l.Kind).HasConversion<string>();
        lookup.HasIndex(l => new { l.UserId, l.Kind });
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> invitation)
    {
        invitation.ToTable("invitations");
        invitation.HasKey(i => i.Id);
        invitation.Property(i => i.Id).ValueGeneratedNever();
        invitation.Property(i => i.RoleType).HasConversion<string>();
        invitation.Property(i => i.Level).HasConversion<string>();
        invitation.Property(i => i.Status).HasConversion<string>();
        invitation.Property(i => i.Version).IsRowVersion();
        invitation.Ignore(i => i.Choice);
        invitation.Ignore(i => i.LevelId);
        invitation.HasIndex(i => new { i.GroupId, i.UserId }).IsUnique().HasFilter("status = 'Pending'");
        invitation.HasIndex(i => new { i.GroupId, i.Id });
        invitation.HasIndex(i => new { i.UserId, i.Id });
    }
}

internal sealed class OwnAccessLevelConfiguration : IEntityTypeConfiguration<OwnAccessLevel>
{
    public void Configure(EntityTypeBuilder<OwnAccessLevel> level)
    {
        level.ToTable("access_levels");
        level.HasKey(l => l.Id);
        level.Property(l => l.Id).ValueGeneratedNever();
        level.Property(l => l.Name).UseCollation(Collations.AsPeopleSort);
        level.Property(l => l.RoleType).HasConversion<string>();
        level.Property(l => l.Version).IsRowVersion();
        level.HasIndex(l => new
        {
            l.GroupId,
            l.Name,
            l.Id,
        });
    }
}

internal sealed class ApiClientConfiguration : IEntityTypeConfiguration<ApiClient>
{
    public void Configure(EntityTypeBuilder<ApiClient> client)
    {
        client.ToTable("api_clients");
        client.HasKey(c => c.Id);
        client.Property(c => c.Id).ValueGeneratedNever();
        client.Property(c => c.RoleType).HasConversion<string>();
        client.Property(c => c.Level).HasConversion<string>();
        client.Ignore(c => c.Choice);
        client.Ignore(c => c.LevelId);
        client.Ignore(c => c.Effective);
        client.HasIndex(c => new { c.GroupId, c.Id });
    }
}

internal sealed class ReservationConfiguration : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> reservation)
    {
        reservation.ToTable("reservations");
        reservation.HasKey(r => new { r.GroupId, r.NormalizedEmail });
    }
}

internal sealed class CurrentGroupConfiguration : IEntityTypeConfiguration<CurrentGroup>
{
    public void Configure(EntityTypeBuilder<CurrentGroup> current)
    {
        current.ToTable("current_groups");
        current.HasKey(c => c.UserId);
        current.Property(c => c.UserId).ValueGeneratedNever();
    }
}
