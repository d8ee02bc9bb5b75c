using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Practice.Locations.Domain;

namespace Practice.Locations.Data;

internal sealed class LocationConfiguration : IEntityTypeConfiguration<Location>
{
    public void Configure(EntityTypeBuilder<Location> location)
    {
        location.ToTable("locations");
        location.HasKey(l => l.Id);
        location.Property(l => l.Id).ValueGeneratedNever();
        location.Property(l => l.Version).IsRowVersion();
        location.HasIndex(l => new { l.GroupId, l.Name, l.Id });
    }
}
