using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
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
        var waiting = await db
            .PendingGrants.AsNoTracking()
            .Where(pending => pending.NormalizedEmail == email)
            .ToListAsync(ct);
        var asked = await db
            .GuardianshipRequests.AsNoTracking()
            .Where(request => request.NormalizedEmail == email && request.UserId == null)
            .ToListAsync(ct);
        asked.RemoveAll(request => !request.IsOpen(now));

        // In the order of the accounts, so that two of these never wait for each other's locks. What was withdrawn
        // before its account is locked is gone then, and keeps nothing else back.
        var accounts = new Dictionary<Guid, PortalAccount?>();
        foreach (var id in waiting.Select(w => w.AccountId).Concat(asked.Select(a => a.AccountId)).Distinct().Order())
        {
            using var inAccount = work.ActInAccount(id);
            accounts[id] = await db.LockAccountAsync(id, ct);
        }

        foreach (var pending in waiting)
        {
            using var inAccount = work.ActInAccount(pending.AccountId);
            if (await db.PendingGrants.Where(found => found.Id == pending.Id).ExecuteDeleteAsync(ct) == 0)
                continue;
            var grant = await db.LockGrantAsync(pending.GrantId, ct);
            if (grant is { UserId: null, Status: not GrantStatus.Withdrawn })
                await db.AssignGrantAsync(
                    accounts[pending.AccountId]!,
                    grant,
                    person,
                    work,
                    options,
                    now,
                    messages,
                    ct
                );
            await db.SaveChangesAsync(ct);
        }

        foreach (var open in asked)
        {
            using var inAccount = work.ActInAccount(open.AccountId);
            var request = await db.GuardianshipRequests.SingleOrDefaultAsync(found => found.Id == open.Id, ct);
            if (request is not { UserId: null })
                continue;
            await db.AskAsync(request, person, messages, ct);
            await db.SaveChangesAsync(ct);
        }
    }
}
