using Practice.Contracts.Locations;
using Practice.Webhooks.Data;
using Wolverine;

namespace Practice.Webhooks.EventHandlers;

public static class RecordOnLocationChangedHandler
{
    public static Task Handle(
        LocationChanged happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                LocationStep.Created => "location.created",
                LocationStep.Changed => "location.changed",
                LocationStep.Restored => "location.restored",
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            new() { ["locationId"] = happened.LocationId },
            clock.GetUtcNow(),
            ct
        );
}

public static class RecordOnLocationArchivedHandler
{
    public static Task Handle(
        LocationArchived happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            "location.archived",
            new() { ["locationId"] = happened.LocationId },
            clock.GetUtcNow(),
            ct
        );
}
