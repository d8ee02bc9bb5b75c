using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;

namespace Practice.PatientPortal.Data;

internal static class GuardianAssignment
{
    /// <summary>Makes a person a guardian of the account, with the warnings about its limits scheduled.</summary>
    public static async Task AddGuardianAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        AccountFacts person,
        Relationship relationship,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var guardian = Guardian.Of(
            account.Id,
            person.UserId,
            $"{person.FirstName} {person.LastName}",
            person.Email,
            relationship,
            now
        );
        db.Guardians.Add(guardian);
        await db.SyncAccessAsync(account, guardian, options, ct);
        await messages.ScheduleAsync(GuardianWarnings.Upcoming(account, guardian, options, now));
    }

    /// <summary>Turns a pending guardianship into one of the person who confirmed its address.</summary>
    public static async Task AssignGuardianshipAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        PendingGrant pending,
        AccountFacts person,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        db.PendingGrants.Remove(pending);
        if (
            !account.IsDependant
            || await db.Guardians.AnyAsync(
                guardian => guardian.AccountId == account.Id && guardian.UserId == person.UserId,
                ct
            )
        )
            return;
        var addedBy = await db
            .Guardians.Where(guardian => guardian.AccountId == account.Id && guardian.UserId == pending.AddedById)
            .Select(guardian => guardian.UserName)
            .SingleAsync(ct);
        await db.AddGuardianAsync(account, person, pending.Relationship!.Value, options, now, messages, ct);
        await messages.PublishAsync(new GuardianAdded(account.Id, person.UserId, account.Name, addedBy));
    }

    public static async Task ScheduleAsync(
        this IMessageContext messages,
        IEnumerable<(WarnGuardian Warning, TimeSpan Delay)> warnings
    )
    {
        foreach (var (warning, delay) in warnings)
            await messages.ScheduleAsync(warning, delay);
    }
}
