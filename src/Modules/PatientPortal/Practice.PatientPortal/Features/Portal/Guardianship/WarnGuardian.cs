using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>
/// Warns a guardian and the linked practices. It sends nothing that no longer holds, and each warning once, even if the
/// configured ages change and change back.
/// </summary>
public static class WarnGuardianHandler
{
    public static async Task Handle(
        WarnGuardian due,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.LockAccountAsync(due.AccountId, ct) is not { IsDependant: true } account
            || await db.Guardians.SingleOrDefaultAsync(g => g.AccountId == due.AccountId && g.UserId == due.UserId, ct)
                is not { EndedAt: null } guardian
            || !guardian.Limits(account, options.Value).Contains((due.What, due.On))
            || !guardian.Warn(due.What, due.On, due.Days)
        )
            return;

        var daysLeft = due.On.DayNumber - PortalDays.Today(clock.GetUtcNow(), options.Value.TimeZone).DayNumber;
        await messages.PublishAsync(
            new GuardianshipEnding(
                account.Id,
                guardian.UserId,
                account.Name,
                due.What,
                due.On,
                Math.Clamp(daysLeft, 0, due.Days)
            )
        );
        var text = GuardianWarnings.TextFor(due.What, guardian.UserName, due.On);
        var linked = (await db.FindLinkedPatientsAsync(account.Id, null, ct)).OnePerPractice();
        foreach (
            var patient in linked.Where(patient =>
                guardian.Concerns(patient.GroupId, due.What, due.On, account, options.Value)
            )
        )
            db.Requests.Add(
                PortalRequest.Send(
                    patient,
                    account.Id,
                    RequestKind.GuardianshipEnding,
                    text,
                    (null, ""),
                    account.Name,
                    clock.GetUtcNow()
                )
            );
    }
}
