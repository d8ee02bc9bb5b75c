using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.Data;

internal static class OwnAccounts
{
    /// <summary>Opens a portal account of a person's own, who has none. Lock the person first.</summary>
    /// <returns>Its id.</returns>
    public static async Task<Guid> OpenOwnAccountAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        AccountFacts person,
        DateOnly dateOfBirth,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var account = PortalAccount.Own(
            person.UserId,
            person.FirstName,
            person.LastName,
            dateOfBirth,
            options.TimeZone,
            now
        );
        work.Audit(PortalAudit.AccountOpened, account.Id, null);
        using var inAccount = work.ActInAccount(account.Id);
        db.Accounts.Add(account);
        await db.SyncAccessAsync(account, ct);
        await db.SaveChangesAsync(ct);
        return account.Id;
    }
}
