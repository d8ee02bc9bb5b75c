using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Practice.Shared.Messaging;

/// <summary>A row of Wolverine's inbox, which is also where its durable local queues live.</summary>
internal sealed class IncomingEnvelopeRow
{
    public required Guid Id { get; init; }
    public required string Status { get; set; }
    public int OwnerId { get; init; }
    public DateTimeOffset? ExecutionTime { get; init; }
    public int Attempts { get; init; }
    public byte[] Body { get; set; } = [];
    public required string MessageType { get; init; }
    public string? ReceivedAt { get; init; }
    public DateTimeOffset? KeepUntil { get; set; }

    public static IncomingEnvelopeRow Of(Envelope envelope) =>
        new()
        {
            Id = envelope.Id,
            Status = envelope.Status.ToString(),
            OwnerId = envelope.OwnerId,
            ExecutionTime = envelope.ScheduledTime?.ToUniversalTime(),
            Attempts = envelope.Attempts,
            Body = envelope.Status == EnvelopeStatus.Handled ? [] : EnvelopeSerializer.Serialize(envelope),
            MessageType = envelope.MessageType!,
            ReceivedAt = envelope.Destination?.ToString(),
            KeepUntil = envelope.KeepUntil,
        };
}

/// <summary>A row of Wolverine's outbox, for messages that leave the process. There are none yet; a broker would need no other code.</summary>
internal sealed class OutgoingEnvelopeRow
{
    public required Guid Id { get; init; }
    public int OwnerId { get; init; }
    public required string Destination { get; init; }
    public DateTimeOffset? DeliverBy { get; init; }
    public byte[] Body { get; init; } = [];
    public int Attempts { get; init; }
    public required string MessageType { get; init; }

    public static OutgoingEnvelopeRow Of(Envelope envelope) =>
        new()
        {
            Id = envelope.Id,
            OwnerId = envelope.OwnerId,
            Destination = envelope.Destination!.ToString(),
            DeliverBy = envelope.DeliverBy?.ToUniversalTime(),
            Body = EnvelopeSerializer.Serialize(envelope),
            Attempts = envelope.Attempts,
            MessageType = envelope.MessageType!,
        };
}

internal sealed class IncomingEnvelopeRowConfiguration : IEntityTypeConfiguration<IncomingEnvelopeRow>
{
    public void Configure(EntityTypeBuilder<IncomingEnvelopeRow> row)
    {
        row.ToTable("wolverine_incoming_envelopes", "messaging", table => table.ExcludeFromMigrations());
        row.HasKey(envelope => envelope.Id);
        row.Property(envelope => envelope.Id).ValueGeneratedNever();
        // A message is marked as handled only by the one who finds it unhandled: a second handling fails and rolls back.
        row.Property(envelope => envelope.Status).IsConcurrencyToken();
    }
}

internal sealed class OutgoingEnvelopeRowConfiguration : IEntityTypeConfiguration<OutgoingEnvelopeRow>
{
    public void Configure(EntityTypeBuilder<OutgoingEnvelopeRow> row)
    {
        row.ToTable("wolverine_outgoing_envelopes", "messaging", table => table.ExcludeFromMigrations());
        row.HasKey(envelope => envelope.Id);
        row.Property(envelope => envelope.Id).ValueGeneratedNever();
    }
}
