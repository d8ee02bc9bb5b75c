using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Wolverine;

namespace Practice.PatientPortal.Data;

internal static class GrantAssignment
{
    /// <summary>What the holder decided, or what ended with who gave it.</summary>
    public static void AuditDecision(this UnitOfWork work, PortalAccount account, Grant grant) =>
        work.Audit(
            PortalAudit.AccessDecided,
            account.Id,
            null,
            new
            {
                grant.Id,
                grant.UserId,
                grant.Status,
                grant.Role,
                grant.Level,
                grant.EndsOn,
            }
        );

    /// <summary>
    /// Has a decision of the holder count from the next request, tells whom it concerns, and removes requests that
    /// the access leaves without a purpose.
    /// </summary>
    /// <param name="before">The grant's status before the decision.</param>
    /// <param name="holder">The account's own person; null where guardians hold the account.</param>
    public static async Task ApplyDecisionAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Grant grant,
        GrantStatus before,
        AccountFacts? holder,
        UnitOfWork work,
        PortalOptions options,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        await db.SyncAccessAsync(account, grant, options, ct);
        if (GrantNotifications.For(account, grant, before) is { } notification)
            await messages.PublishAsync(notification);
        if (GrantNotifications.Closed(account, grant, before) is { } closed)
            await messages.PublishAsync(closed);
        if (holder is not null && grant is { Status: GrantStatus.Current, UserId: { } userId })
            await db.RemoveIneffectiveRequestsAsync(work, holder, userId, ct);
    }

    /// <summary>
    /// Assigns a grant to the person who confirmed its address. It replaces every earlier grant between the same
    /// account and person. One that gives no access, because it was revoked or has ended while it waited, takes away
    /// none that the person has at another address, and decides about no request that they made there.
    /// </summary>
    public static async Task AssignGrantAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Grant grant,
        AccountFacts person,
        UnitOfWork work,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (account.UserId == person.UserId)
        {
            db.Grants.Remove(grant);
            return;
        }

        var address = EmailAddress.Normalize(grant.UserEmail);
        await db.AssignPausesAsync(account, address, person.UserId, work, now, messages, ct);
        var others = await db
            .Grants.Where(other =>
                other.AccountId == account.Id && other.UserId == person.UserId && other.Id != grant.Id
            )
            .ToListAsync(ct);
        var today = PortalDays.Today(now, account.TimeZone);
        if (!grant.GivesAccess(today) && others.Exists(other => other.GivesAccess(today) || other.IsWaiting(now)))
        {
            db.Grants.Remove(grant);
            return;
        }

        foreach (var other in others)
            if (other.Status == GrantStatus.Withdrawn && other.CountsForLimit(now))
                other.Replace();
            else
                db.Grants.Remove(other);
        foreach (var request in others.Where(other => other.Status == GrantStatus.Pending))
            await messages.PublishAsync(new PortalAccessRequestClosed(account.Id, request.Id, account.UserId));
        grant.AssignTo(person.UserId, person.FullName());
        await db.SyncAccessAsync(account, grant, options, ct);
        if (grant.Status != GrantStatus.Current)
            return;

        var before = others.Exists(other => other.GivesAccess(today)) ? GrantStatus.Current : GrantStatus.Pending;
        if (GrantNotifications.For(account, grant, before) is { } notification)
            await messages.PublishAsync(notification);
    }

    /// <summary>
    /// The person of a request that gives no access, or may no longer give it. Its name and address were not followed
    /// since, and are read again where access is given again.
    /// </summary>
    public static async Task<AccountFacts?> FindFormerRequesterAsync(
        this PatientPortalDbContext db,
        IModuleBus bus,
        Guid accountId,
        Func<Grant, bool> which,
        CancellationToken ct
    )
    {
        var former = await db
            .Grants.AsNoTracking()
            .Where(grant =>
                grant.AccountId == accountId
                && grant.RequestedRole != null
                && (grant.Status == GrantStatus.Disabled || grant.EndsOn != null)
            )
            .ToListAsync(ct);
        return former.Find(grant => which(grant)) is { UserId: { } userId }
            ? (await bus.QueryAsync(new FindAccount(userId), ct)).Account
            : null;
    }

    /// <summary>
    /// Removes what a person requested from the holder without effect, after an earlier denial: with access they have
    /// nothing to wait for. These requests belong to no account, only to the person.
    /// </summary>
    /// <param name="holder">The account's own person.</param>
    public static async Task RemoveIneffectiveRequestsAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        AccountFacts holder,
        Guid userId,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(holder.Email);
        await db.SaveChangesAsync(ct);
        using var asPerson = work.ActForPerson(userId);
        await db
            .Grants.Where(grant =>
                grant.UserId == userId && grant.AccountId == null && grant.NormalizedRequestedEmail == email
            )
            .ExecuteDeleteAsync(ct);
    }
}
