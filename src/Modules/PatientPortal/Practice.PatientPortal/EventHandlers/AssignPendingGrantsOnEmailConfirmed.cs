using Microsoft.Extensions.Options;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Gives a person the access that waits for the address they have just confirmed.</summary>
public static class AssignPendingGrantsOnEmailConfirmedHandler
{
    public static async Task Handle(
        EmailConfirmed confirmed,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if ((await bus.QueryAsync(new FindAccount(confirmed.UserId), ct)).Account is { } person)
            await db.AssignPendingGrantsAsync(work, person, options.Value, clock.GetUtcNow(), messages, ct);
    }
}
