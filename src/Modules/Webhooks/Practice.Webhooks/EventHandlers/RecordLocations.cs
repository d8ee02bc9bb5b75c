using Practice.Contracts.Locations;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.EventHandlers;

public static class RecordOnLocationChangedHandler
{
    public static Task Handle(
        LocationChanged happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                LocationStep.Created => WebhookEvents.LocationCreated,
                LocationStep.Changed => WebhookEvents.LocationChanged,
                LocationStep.Restored => WebhookEvents.LocationRestored,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            new() { ["locationId"] = happened.LocationId },
            ct
        );
}

public static class RecordOnLocationArchivedHandler
{
    public static Task Handle(
        LocationArchived happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            WebhookEvents.LocationArchived,
            new() { ["locationId"] = happened.LocationId },
            ct
        );
}
