using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
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

    /// <summary>Asks the person who has confirmed the address of a request, unless they are a guardian already.</summary>
    public static async Task AskAsync(
        this PatientPortalDbContext db,
        GuardianshipRequest request,
        AccountFacts person,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.Guardians.AnyAsync(
                guardian =>
                    guardian.AccountId == request.AccountId
                    && guardian.UserId == person.UserId
                    && guardian.EndedAt == null,
                ct
            )
        )
            return; // it stays, and looks like one that nobody answers
        request.AssignTo(person.UserId);
        await messages.PublishAsync(
            new GuardianshipRequested(request.Id, person.UserId, request.AccountName, request.AskedByName)
        );
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
