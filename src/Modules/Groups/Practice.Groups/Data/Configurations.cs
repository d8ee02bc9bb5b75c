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
        group.Property(g => g.Name).UseCollation(Collations.AsPeopleSort);
    }
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    /// <summary>The column that sorts the list of members: family name first.</summary>
    public const string SortName = "SortName";

    /// <summary>The column that is searched: the name in both orders, and the email.</summary>
    public const string SearchText = "SearchText";

    public void Configure(EntityTypeBuilder<Membership> member)
    {
        member.ToTable("memberships");
        member.HasKey(m => new { m.GroupId, m.UserId });
        member.Property(m => m.RoleType).HasConversion<string>();
        member.Property(m => m.Level).HasConversion<string>();
        member.Property(m => m.Status).HasConversion<string>();
        member.Property(m => m.Version).IsRowVersion();
        member
            .Property<string>(SortName)
            .UseCollation(Collations.AsPeopleSort)
            .HasComputedColumnSql(
                $"lower((last_name || ' ' || first_name) collate \"{Collations.AsPeopleSort}\")",
                stored: true
            );
        member
            .Property<string>(SearchText)
            .HasComputedColumnSql(
                "lower((first_name || ' ' || last_name || ' ' || first_name || ' ' || email) "
                    + $"collate \"{Collations.AsPeopleSort}\")",
                stored: true
            );
        member.Ignore(m => m.Choice);
        member.Ignore(m => m.Effective);
        member.HasIndex(nameof(Membership.GroupId), SortName, nameof(Membership.UserId));
        member.HasIndex(m => m.UserId);
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
        invitation.HasIndex(i => new { i.GroupId, i.UserId }).IsUnique().HasFilter("status = 'Pending'");
        invitation.HasIndex(i => new { i.GroupId, i.Id });
        invitation.HasIndex(i => new { i.UserId, i.Id });
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
