using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Grants;
using Wolverine;

namespace Practice.PatientPortal.Data;

internal static class PendingGrantAssignment
{
    /// <summary>
    /// Assigns the grants that wait for a person's address, and asks them what
    /// was asked at it, once they have confirmed it.
    /// </summary>
    public static async Task AssignPendingGrantsAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        AccountFacts person,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (!person.EmailConfirmed)
            return;
        var email = EmailAddress.Normalize(person.Email);
        using var forAddress = work.ActForAddress(email);
        // In the order of the accounts, so that two of these never wait for each other's locks. What was withdrawn
        // before its account is locked is gone then, and keeps nothing else back.
        var waiting = await db
            .PendingGrants.AsNoTracking()
            .Where(pending => pending.NormalizedEmail == email)
            .OrderBy(pending => pending.AccountId)
            .ToListAsync(ct);
        foreach (var pending in waiting)
        {
            using var inAccount = work.ActInAccount(pending.AccountId);
            var account = (await db.LockAccountAsync(pending.AccountId, ct))!;
            if (await db.PendingGrants.Where(found => found.Id == pending.Id).ExecuteDeleteAsync(ct) == 0)
                continue;
            var grant = await db.LockGrantAsync(pending.GrantId, ct);
            if (grant is { UserId: null, Status: not GrantStatus.Withdrawn })
                await db.AssignGrantAsync(account, grant, person, work, options, now, messages, ct);
            await db.SaveChangesAsync(ct);
        }

        var asked = await db
            .GuardianshipRequests.AsNoTracking()
            .Where(request => request.NormalizedEmail == email && request.UserId == null)
            .OrderBy(request => request.AccountId)
            .ToListAsync(ct);
        foreach (var open in asked.Where(request => request.IsOpen(now)))
        {
            using var inAccount = work.ActInAccount(open.AccountId);
            await db.LockAccountAsync(open.AccountId, ct);
            var request = await db.GuardianshipRequests.SingleOrDefaultAsync(found => found.Id == open.Id, ct);
            if (request is not { UserId: null })
                continue;
            await db.AskAsync(request, person, messages, ct);
            await db.SaveChangesAsync(ct);
        }
    }
}
