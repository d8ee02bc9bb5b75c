using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Practice.Shared.Audit;

/// <summary>Who did what to whom, when and under which authority. Appended in the transaction of the act itself; never changed.</summary>
public sealed class AuditEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The practice group in which it was done; null for a person's acts on their own account.</summary>
    public required Guid? GroupId { get; init; }

    /// <summary>The person who acted; null where the system did.</summary>
    public required Guid? ActorId { get; init; }

    /// <summary>Under which authority: <c>owner</c>, <c>member</c>, <c>self</c> or <c>system</c>; in the portal <c>self</c>, <c>guardian</c> or <c>grant</c>.</summary>
    public required string Authority { get; init; }

    /// <summary>What was done, as <c>module.act</c>.</summary>
    public required string Act { get; init; }

    /// <summary>To whom or what.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>Codes and ids that tell the change, as JSON; no clinical text, no names.</summary>
    public string? Details { get; init; }

    /// <summary>Enums are written by name: entries outlive the numbers.</summary>
    internal static JsonSerializerOptions Json { get; } =
        new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("entries", "audit", table => table.ExcludeFromMigrations());
        entry.HasKey(e => e.Id);
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.Details).HasColumnType("jsonb");
    }
}
