using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Contracts.PatientPortal;
using Practice.Groups.Domain;
using Practice.Shared.Audit;

namespace Practice.Groups.Data;

/// <summary>
/// The audit of a group, newest first. Who may not see patients, or not their names, is not told which people act as
/// patients, nor details about patients: a patient may be a colleague.
/// </summary>
internal static class AuditQueries
{
    /// <summary>The acts on patients' data begin like this.</summary>
    private const string PortalActs = "portal.";

    /// <summary>The authorities of people who act as patients, or for them.</summary>
    private static readonly AuditAuthority[] ByPatient =
    [
        AuditAuthority.Self,
        AuditAuthority.Guardian,
        AuditAuthority.Grant,
    ];

    /// <summary>Earlier builds read an entry's time a moment after its id was made.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    public static bool SeesPatients(this Caller caller) =>
        caller.May(Access.OthersPatients) && !caller.May(Access.HidePatientNames);

    /// <param name="seesPatients">Whether the reader sees patients and their names.</param>
    public static IQueryable<AuditEntry> AuditEntries(
        this GroupsDbContext db,
        Guid groupId,
        AuditFilter filter,
        bool seesPatients
    )
    {
        var entries = (
            filter.PatientId is { } patient
                // The database works the column out, and nothing else reads it.
                ? db.Set<AuditEntry>()
                    .FromSql($"select * from audit.entries where group_id = {groupId} and about_id = {patient}")
                : db.Set<AuditEntry>().Where(entry => entry.GroupId == groupId)
        ).AsNoTracking();
        if (filter.Act is { } done)
            entries = entries.Where(entry => entry.Act == done);
        if (filter.ActorId is { } by)
        {
            entries = entries.Where(entry => entry.ActorId == by);
            if (!seesPatients) // else the filter would tell who is a patient
                entries = entries.Where(one => !one.Act.StartsWith(PortalActs) || !ByPatient.Contains(one.Authority));
        }

        if (filter.SubjectId is { } on)
            entries = entries.Where(entry => entry.SubjectId == on);
        // Ids are in the order of time, and indexed with everything else.
        if (filter.From is { } first)
        {
            var firstId = FirstIdAt(first - Apart);
            entries = entries.Where(entry => entry.Id.CompareTo(firstId) >= 0 && entry.At >= first);
        }

        if (filter.To is { } until)
        {
            var lastId = FirstIdAt(until);
            entries = entries.Where(entry => entry.Id.CompareTo(lastId) < 0 && entry.At < until);
        }

        return entries;
    }

    /// <summary>The next entries, with the names that a reader may know.</summary>
    /// <param name="seesPatients">Asked once the entries are read, which authorizes the caller.</param>
    public static async Task<List<AuditView>> ReadAuditAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        IQueryable<AuditEntry> entries,
        Guid? after,
        int count,
        Func<bool> seesPatients,
        CancellationToken ct
    )
    {
        if (after is { } last)
            entries = entries.Where(entry => entry.Id.CompareTo(last) < 0);

        var rows = await ReadRowsAsync(db, groupId, entries.OrderByDescending(entry => entry.Id).Take(count), ct);
        var sees = seesPatients();
        var names = await FindNamesAsync(db, bus, groupId, rows, sees, ct);
        return rows.ConvertAll(row => ViewOf(row, names, sees));
    }

    /// <summary>The entries, with the names of members and the details that are shown.</summary>
    private static async Task<List<Row>> ReadRowsAsync(
        GroupsDbContext db,
        Guid groupId,
        IQueryable<AuditEntry> entries,
        CancellationToken ct
    )
    {
        // Each name is looked up by key. A join could read all members of the group.
        var names = db.Memberships.Where(member => member.GroupId == groupId);
        var rows = await entries
            .Select(entry => new
            {
                Entry = entry,
                ActorName = names
                    .Where(member => member.UserId == entry.ActorId)
                    .Select(member => member.FirstName + " " + member.LastName)
                    .FirstOrDefault(),
                SubjectName = names
                    .Where(member => member.UserId == entry.SubjectId)
                    .Select(member => member.FirstName + " " + member.LastName)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        return rows.ConvertAll(row => new Row(
            row.Entry,
            row.ActorName,
            row.SubjectName,
            row.Entry.Details is { } text
                ? AuditDetails.Shown(row.Entry.Act, JsonSerializer.Deserialize<JsonElement>(text))
                : null
        ));
    }

    private static async Task<Names> FindNamesAsync(
        GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        List<Row> rows,
        bool seesPatients,
        CancellationToken ct
    )
    {
        var entries = rows.ConvertAll(row => row.Entry);
        var patients = seesPatients
            ? await FindPatientsAsync(bus, groupId, rows.ConvertAll(row => PatientOf(row.Entry, row.Details)), ct)
            : [];
        var locations = await FindLocationsAsync(
            bus,
            groupId,
            [.. entries.Where(IsOnLocation).Select(entry => entry.SubjectId).Distinct()],
            ct
        );
        var levels = await FindLevelsAsync(
            db,
            groupId,
            [.. entries.Where(entry => AuditSentences.IsOnLevel(entry.Act)).Select(entry => entry.SubjectId)],
            ct
        );
        var clients = await db.FindClientNamesAsync(
            groupId,
            [
                .. entries
                    .Where(entry => entry.Authority == AuditAuthority.Client)
                    .Select(entry => entry.ActorId)
                    .OfType<Guid>(),
                .. entries.Where(entry => AuditSentences.IsOnClient(entry.Act)).Select(entry => entry.SubjectId),
            ],
            ct
        );
        return new Names(patients, locations, levels, clients);
    }

    private static AuditView ViewOf(Row row, Names names, bool seesPatients)
    {
        var entry = row.Entry;
        var hidden = !seesPatients && entry.Act.StartsWith(PortalActs, StringComparison.Ordinal);
        var anonymous = hidden && ByPatient.Contains(entry.Authority);
        var (actorId, actorName) = anonymous ? (null, null) : (entry.ActorId, row.ActorName);
        if (entry is { Authority: AuditAuthority.Client, ActorId: { } clientId })
            actorName = names.Clients.GetValueOrDefault(clientId);
        var patientId = PatientOf(entry, row.Details) is { } id && names.Patients.ContainsKey(id) ? id : (Guid?)null;
        var patientName = patientId is { } known ? names.Patients[known] : null;
        var details = hidden ? null : row.Details;
        return new AuditView(
            entry.Id,
            entry.At,
            actorId,
            actorName,
            entry.Authority.Code(),
            entry.Act,
            entry.SubjectId,
            row.SubjectName,
            details,
            patientId,
            patientName,
            AuditSentences.Of(
                entry.Act,
                ActorInSentence(entry.Authority, actorId, actorName),
                row.SubjectName
                    ?? names.Locations.GetValueOrDefault(entry.SubjectId)
                    ?? names.Levels.GetValueOrDefault(entry.SubjectId)
                    ?? names.Clients.GetValueOrDefault(entry.SubjectId),
                patientName
            ),
            details is { } said ? AuditDetails.ChangesIn(entry.Act, said) : [],
            details is { } given ? AuditDetails.ReasonIn(given) : null
        );
    }

    private static string ActorInSentence(AuditAuthority authority, Guid? actorId, string? actorName) =>
        authority == AuditAuthority.Client ? $"The API client {actorName}"
        : actorName is not null ? actorName
        : actorId is not null ? "Someone who is not a member"
        : authority == AuditAuthority.System ? "The system"
        : "A patient, or someone acting for one,";

    /// <summary>The smallest id that can be made then: version 7 begins with the milliseconds.</summary>
    private static Guid FirstIdAt(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = Math.Max(0, at.ToUnixTimeMilliseconds());
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
            bytes[i] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The patient that an entry may be about. Of the subject it is not known whether it is one.</summary>
    private static Guid? PatientOf(AuditEntry entry, JsonElement? details) =>
        !entry.Act.StartsWith(PortalActs, StringComparison.Ordinal) ? null
        : details is { } known && AuditDetails.PatientIn(known) is { } patient ? patient
        : entry.SubjectId != entry.GroupId ? entry.SubjectId
        : null;

    private static bool IsOnLocation(AuditEntry entry) =>
        entry.Act.StartsWith("locations.", StringComparison.Ordinal) || entry.Act == GroupAudit.MembersAssigned.Code;

    private static async Task<Dictionary<Guid, string>> FindPatientsAsync(
        IModuleBus bus,
        Guid groupId,
        List<Guid?> ids,
        CancellationToken ct
    ) =>
        ids.OfType<Guid>().Distinct().ToList() is { Count: > 0 } some
            ? (await bus.QueryAsync(new FindPatientNames(groupId, some), ct)).Patients.ToDictionary(
                patient => patient.PatientId,
                patient => patient.Name
            )
            : [];

    private static async Task<Dictionary<Guid, string>> FindLevelsAsync(
        GroupsDbContext db,
        Guid groupId,
        List<Guid> ids,
        CancellationToken ct
    ) =>
        ids.Count > 0
            ? await db
                .AccessLevels.Where(level => level.GroupId == groupId && ids.Contains(level.Id))
                .ToDictionaryAsync(level => level.Id, level => level.Name, ct)
            : [];

    private static async Task<Dictionary<Guid, string>> FindLocationsAsync(
        IModuleBus bus,
        Guid groupId,
        List<Guid> ids,
        CancellationToken ct
    ) =>
        ids.Count > 0
            ? (await bus.QueryAsync(new FindLocations(groupId, ids), ct)).Locations.ToDictionary(
                location => location.LocationId,
                location => location.Name
            )
            : [];

    private sealed record Row(AuditEntry Entry, string? ActorName, string? SubjectName, JsonElement? Details);

    /// <summary>By id, as far as the reader may know them.</summary>
    private sealed record Names(
        Dictionary<Guid, string> Patients,
        Dictionary<Guid, string> Locations,
        Dictionary<Guid, string> Levels,
        Dictionary<Guid, string> Clients
    );
}
