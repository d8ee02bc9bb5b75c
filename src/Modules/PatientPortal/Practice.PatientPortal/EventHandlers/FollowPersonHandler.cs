using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Features.Portal;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Keeps the portal's copies of a person's name and email at what the account says.</summary>
public static class FollowPersonOnAccountChangedHandler
{
    public static async Task Handle(
        AccountChanged changed,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if ((await bus.QueryAsync(new FindAccount(changed.UserId), ct)).Account is not { } person)
            return;
        using var asPerson = work.ActForPerson(person.UserId);
        if (await db.FindOwnAccountAsync(person.UserId, ct) is { } own)
        {
            using var inAccount = work.ActInAccount(own);
            var account = (await db.LockAccountAsync(own, ct))!;
            account.Rename(person.FirstName, person.LastName);
            await db
                .Grants.Where(grant => grant.AccountId == own)
                .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.AccountName, account.Name), ct);
            await db.SaveChangesAsync(ct);
        }

        var name = $"{person.FirstName} {person.LastName}";
        await db
            .Grants.Where(grant => grant.UserId == person.UserId && grant.AskedEmail != null)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(grant => grant.UserName, name).SetProperty(grant => grant.UserEmail, person.Email),
                ct
            );
        foreach (
            var guarded in await db
                .Guardians.Where(guardian => guardian.UserId == person.UserId)
                .Select(guardian => guardian.AccountId)
                .ToListAsync(ct)
        )
        {
            using var inAccount = work.ActInAccount(guarded);
            await db
                .Guardians.Where(guardian => guardian.AccountId == guarded && guardian.UserId == person.UserId)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(guardian => guardian.UserName, name)
                            .SetProperty(guardian => guardian.UserEmail, person.Email),
                    ct
                );
        }

        await db.GiveOffersAsync(work, person, options.Value, clock.GetUtcNow(), messages, ct);
    }
}

/// <summary>What was offered to an address is its person's, once they have proved it.</summary>
public static class GiveOffersOnEmailConfirmedHandler
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
            await db.GiveOffersAsync(work, person, options.Value, clock.GetUtcNow(), messages, ct);
    }
}

/// <summary>Keeps the practice's name, as the portal shows it with each record.</summary>
public static class FollowGroupOnGroupRenamedHandler
{
    public static Task Handle(GroupRenamed renamed, PatientPortalDbContext db, CancellationToken ct) =>
        db
            .Patients.Where(patient => patient.GroupId == renamed.GroupId)
            .ExecuteUpdateAsync(set => set.SetProperty(patient => patient.PracticeName, renamed.Name), ct);
}

internal static class WaitingOffers
{
    public static async Task GiveOffersAsync(
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
        foreach (
            var offer in await db
                .Offers.Where(offer => offer.NormalizedEmail == email)
                .OrderBy(offer => offer.AccountId)
                .ToListAsync(ct)
        )
        {
            using var inAccount = work.ActInAccount(offer.AccountId);
            var account = (await db.LockAccountAsync(offer.AccountId, ct))!;
            if (offer.HasLapsed(now))
            {
                db.Offers.Remove(offer);
            }
            else if (offer.GrantId is null)
            {
                await db.MakeGuardianAsync(account, offer, person, options, now, messages, ct);
            }
            else
            {
                db.Offers.Remove(offer);
                if (
                    await db.LockGrantAsync(offer.GrantId.Value, ct) is
                    { UserId: null, Status: not GrantStatus.Withdrawn } grant
                )
                    await db.GiveToAsync(account, grant, person, options, now, messages, ct);
            }

            await db.SaveChangesAsync(ct);
        }
    }
}
