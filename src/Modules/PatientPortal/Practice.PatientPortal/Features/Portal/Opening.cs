using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Authority;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>How every look into a portal account begins: with a receipt for its holder and an entry in the audit, committed with the look.</summary>
internal static class Opening
{
    /// <param name="opened">What is opened, such as <c>appointments</c>.</param>
    /// <param name="subjectId">The one thing opened, where it is one.</param>
    public static async Task<PortalAccount> OpenAsync(
        this PatientPortalDbContext db, UnitOfWork work, string opened, Guid? subjectId, DateTimeOffset now, CancellationToken ct)
    {
        var entry = work.Caller.Account;
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == entry.AccountId, ct);
        db.Receipts.Add(new AccessReceipt
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            At = now,
            UserId = work.Caller.Person,
            UserName = await db.NameOfAsync(work.Caller, account, ct),
            Authority = entry.Relation switch { PortalRelation.Self => "self", PortalRelation.Guardian => "guardian", _ => "grant" },
            GrantId = entry.GrantId,
            Opened = opened,
            SubjectId = subjectId,
        });
        work.Audit("portal.opened", account.Id, null, new { opened, subjectId, entry.GrantId });
        return account;
    }

    /// <summary>The name of who has opened the account, as the portal's own copies have it.</summary>
    public static async Task<string> NameOfAsync(this PatientPortalDbContext db, Caller caller, PortalAccount account, CancellationToken ct)
    {
        var (person, entry) = (caller.Person, caller.Account);
        return entry.Relation switch
        {
            PortalRelation.Self => account.Name,
            PortalRelation.Guardian => await db.Guardians.Where(g => g.AccountId == account.Id && g.UserId == person).Select(g => g.UserName).SingleAsync(ct),
            _ => await db.Grants.Where(g => g.Id == entry.GrantId).Select(g => g.UserName).SingleAsync(ct),
        };
    }
}
