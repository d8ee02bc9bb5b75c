using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Practice.Locations.Domain;
using Practice.Shared.Persistence;

namespace Practice.Locations.Data;

internal sealed class LocationConfiguration : IEntityTypeConfiguration<Location>
{
    public void Configure(EntityTypeBuilder<Location> location)
    {
        location.ToTable("locations");
        location.HasKey(l => l.Id);
        location.Property(l => l.Id).ValueGeneratedNever();
        location.Property(l => l.Version).IsRowVersion();
        location.Property(l => l.UpdatedAt).IsNotedByTheDatabase();
        location.Property(l => l.Name).UseCollation(Collations.AsPeopleSort);
        location
            .Property(l => l.Hours)
            .HasColumnType("jsonb")
            .HasConversion(
                hours => ToJson(hours),
                json => FromJson(json!),
                new ValueComparer<WeeklyHours?>(
                    (one, other) => ToJson(one) == ToJson(other),
                    hours => ToJson(hours).GetHashCode(StringComparison.Ordinal)
                )
            );
        location.HasIndex(l => new
        {
            l.GroupId,
            l.Name,
            l.Id,
        });
    }

    private static string ToJson(WeeklyHours? hours) => JsonSerializer.Serialize(hours, JsonSerializerOptions.Web);

    /// <summary>Forms once stored seven empty days where nobody had entered hours.</summary>
    private static WeeklyHours? FromJson(string json) =>
        JsonSerializer.Deserialize<WeeklyHours>(json, JsonSerializerOptions.Web)?.OrNullIfEmpty();
}
