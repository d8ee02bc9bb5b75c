using Microsoft.EntityFrameworkCore;

namespace Practice.PatientPortal.Data;

/// <summary>A patient whom a member's calendar feed has shown, and whose access log says so.</summary>
public sealed class FeedPatient
{
    public Guid GroupId { get; private init; }
    public Guid MemberId { get; private init; }
    public Guid PatientId { get; private init; }
}

internal static class FeedPatients
{
    /// <summary>Notes these patients.</summary>
    /// <returns>Those whom the feed had not shown before.</returns>
    public static Task<List<Guid>> AddFeedPatientsAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid memberId,
        IReadOnlyCollection<Guid> patientIds,
        CancellationToken ct
    ) =>
        db
            .Database.SqlQuery<Guid>(
                $"""
                insert into portal.calendar_feed_patients (group_id, member_id, patient_id)
                select {groupId}, {memberId}, shown.id from unnest({patientIds.Order().ToArray()}) shown (id)
                on conflict do nothing returning patient_id as "Value"
                """
            )
            .ToListAsync(ct);
}
