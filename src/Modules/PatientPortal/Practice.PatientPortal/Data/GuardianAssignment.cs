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
    /// <summary>Whether the person is a guardian of the account, and has not left.</summary>
    public static Task<bool> IsGuardianAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid userId,
        CancellationToken ct
    ) =>
        db.Guardians.AnyAsync(
            guardian => guardian.AccountId == accountId && guardian.UserId == userId && guardian.EndedAt == null,
            ct
        );

    /// <summary>Whether the person runs as many accounts as one may. Lock the person first.</summary>
    public static async Task<bool> RunsMaximumAsync(
        this PatientPortalDbContext db,
        Guid userId,
        CancellationToken ct
    ) =>
        await db.Guardians.CountAsync(guardian => guardian.UserId == userId && guardian.EndedAt == null, ct)
        >= Guardian.MaxOfAPerson;

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
        var guardian = Guardian.Of(account.Id, person.UserId, person.FullName(), person.Email, relationship, now);
        db.Guardians.Add(guardian);
        await db.SyncAccessAsync(account, guardian, options, ct);
        await messages.ScheduleAsync(GuardianWarnings.Upcoming(account, guardian, options, now));
    }

    /// <summary>
    /// Asks the person who has confirmed the address of a request, unless they are a guardian already.
    /// </summary>
    public static async Task AskAsync(
        this PatientPortalDbContext db,
        GuardianshipRequest request,
        AccountFacts person,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.IsGuardianAsync(request.AccountId, person.UserId, ct))
            return; // it stays, and looks like one that nobody answers
        request.AssignTo(person.UserId);
        await messages.PublishAsync(
            new GuardianshipRequested(
                request.Id,
                person.UserId,
                request.AccountName,
                request.AskedByName,
                request.AskedById
            )
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
