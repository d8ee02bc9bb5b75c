using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>How every look into a portal account begins: with a receipt for its holder and an entry in the audit, committed with the look.</summary>
internal static class Opening
{
    /// <param name="opened">What is opened, such as <c>appointments</c>.</param>
    /// <param name="subjectId">The one thing opened, where it is one.</param>
    public static async Task<PortalAccount> OpenAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        string opened,
        Guid? subjectId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == work.Caller.Account.AccountId, ct);
        await db.LeaveReceiptAsync(work, account, opened, subjectId, now, ct);
        work.Audit(
            PortalAudit.Opened,
            account.Id,
            null,
            new
            {
                opened,
                subjectId,
                work.Caller.Account.GrantId,
            }
        );
        return account;
    }

    /// <summary>For the holder: who has opened or changed what. A change has an entry of its own in the audit.</summary>
    /// <returns>The name of who did, as the portal's own copies have it.</returns>
    public static async Task<string> LeaveReceiptAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        PortalAccount account,
        string opened,
        Guid? subjectId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (entry, name) = (work.Caller.Account, await db.NameOfAsync(work.Caller, account, ct));
        db.Receipts.Add(
            new AccessReceipt
            {
                Id = Guid.CreateVersion7(now),
                AccountId = account.Id,
                At = now,
                UserId = work.Caller.Person,
                UserName = name,
                Authority = entry.Relation switch
                {
                    PortalRelation.Self => "self",
                    PortalRelation.Guardian => "guardian",
                    _ => "grant",
                },
                GrantId = entry.GrantId,
                Opened = opened,
                SubjectId = subjectId,
            }
        );
        return name;
    }

    private static async Task<string> NameOfAsync(
        this PatientPortalDbContext db,
        Caller caller,
        PortalAccount account,
        CancellationToken ct
    )
    {
        var (person, entry) = (caller.Person, caller.Account);
        return entry.Relation switch
        {
            PortalRelation.Self => account.Name,
            PortalRelation.Guardian => await db
                .Guardians.Where(g => g.AccountId == account.Id && g.UserId == person)
                .Select(g => g.UserName)
                .SingleAsync(ct),
            _ => await db.Grants.Where(g => g.Id == entry.GrantId).Select(g => g.UserName).SingleAsync(ct),
        };
    }
}
