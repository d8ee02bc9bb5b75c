using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Practice.Shared.Audit;

/// <summary>
/// Who did what to whom, when and under which authority. Appended in the transaction of the act itself; never changed.
/// </summary>
public sealed class AuditEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The practice group in which it was done; null for a person's acts on their own account.</summary>
    public required Guid? GroupId { get; init; }

    /// <summary>The person or API client that acted; null where the system did.</summary>
    public required Guid? ActorId { get; init; }

    public required AuditAuthority Authority { get; init; }

    /// <summary>The code of an <see cref="AuditAct"/>.</summary>
    public required string Act { get; init; }

    /// <summary>To whom or what.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>
    /// Codes and ids that describe the change, as JSON; no clinical text, no names. <c>changes</c> is a list of <see
    /// cref="AuditChange"/>, <c>reason</c> what a person gave as the reason.
    /// </summary>
    public string? Details { get; init; }

    /// <summary>Enums are written by name: entries outlive their numbers.</summary>
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
        entry
            .Property(e => e.Authority)
            .HasConversion(
                authority => authority.Code(),
                stored => Enum.Parse<AuditAuthority>(stored, ignoreCase: true)
            );
        entry.Property(e => e.Details).HasColumnType("jsonb");
    }
}

/// <summary>
/// What was done, as <c>module.act</c>. Each module has a list of its own; a stored code never changes its meaning.
/// </summary>
public readonly record struct AuditAct(string Code)
{
    public override string ToString() => Code;
}

/// <summary>Under which authority something was done.</summary>
public enum AuditAuthority
{
    /// <summary>An owner of the group.</summary>
    Owner,

    /// <summary>A member of the group.</summary>
    Member,

    /// <summary>The person themselves.</summary>
    Self,

    /// <summary>A dependant's guardian.</summary>
    Guardian,

    /// <summary>A person who was granted access to a portal account.</summary>
    Grant,

    /// <summary>An API client of the group.</summary>
    Client,

    /// <summary>Nobody: a message was handled, or a scheduled task ran.</summary>
    System,
}

public static class AuditAuthorities
{
    /// <summary>As it is stored, and shown by the API.</summary>
    public static string Code(this AuditAuthority authority) => authority.ToCode();
}
