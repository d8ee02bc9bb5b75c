using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Records;
using Practice.Time;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>
/// Notifies the staff who may answer a request. Of one sender, up to ten a day: anybody can be a patient, and all
/// requests are in the list.
/// </summary>
public static class NotifyStaffOnRequestArrivedHandler
{
    private const int MaxRequestsPerDay = 10;

    public static async Task Handle(
        RequestArrived arrived,
        PatientPortalDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        // What a request asks for, and for whom, never changes, so that it can be read before the lock.
        if (
            await db
                .Requests.AsNoTracking()
                .SingleOrDefaultAsync(r => r.GroupId == arrived.GroupId && r.Id == arrived.RequestId, ct)
                is not { } sent
            || await SentTodayAsync(db, sent, clock.GetUtcNow(), ct) > MaxRequestsPerDay
        )
            return;
        var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == sent.PatientId, ct);
        var members = await db.FindWhoMayAnswerAsync(bus, sent, patient, ct);

        var request = await db
            .Requests.FromSql($"select *, xmin from portal.requests where id = {sent.Id} for update")
            .SingleAsync(ct);
        if (request.Status != RequestStatus.Open || members.Count == 0)
            return;
        request.Tell(members);
        await messages.PublishAsync(
            new PatientRequestSent(
                request.GroupId,
                patient.PracticeName,
                request.Id,
                patient.Id,
                request.Kind == RequestKind.HealthNote ? PatientRequestKind.HealthNote : PatientRequestKind.Appointment,
                request.StartsAt is { } at
                    ? TimeZoneInfo.FindSystemTimeZoneById(request.TimeZone ?? "UTC").DayOf(at)
                    : null,
                request.ToldIds
            )
        );
    }

    /// <summary>
    /// How many the person has sent from the account to the practice within a day. Not all are counted.
    /// </summary>
    private static async Task<int> SentTodayAsync(
        PatientPortalDbContext db,
        PortalRequest request,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var times = await db
            .Requests.Where(other =>
                other.AccountId == request.AccountId
                && other.GroupId == request.GroupId
                && other.SentById == request.SentById
                && (other.Kind == RequestKind.Appointment || other.Kind == RequestKind.HealthNote)
                && other.Id <= request.Id
            )
            .OrderByDescending(other => other.Id)
            .Take(MaxRequestsPerDay + 1)
            .Select(other => other.SentAt)
            .ToListAsync(ct);
        return times.Count(at => at > now.AddDays(-1));
    }
}
