using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Shared.Audit;

namespace Practice.Groups.Features.Groups;

/// <summary>One audited act in the group.</summary>
/// <param name="ActorId">The person who did it; null for the system.</param>
/// <param name="Authority">The actor's authority: <c>owner</c>, <c>member</c>, <c>self</c> or <c>system</c>.</param>
/// <param name="Act">What was done, as <c>module.act</c>.</param>
/// <param name="SubjectId">The person or thing it was done to.</param>
/// <param name="SubjectName">The subject's name, if the subject is a member of the group.</param>
/// <param name="Details">Codes and ids that describe the change.</param>
internal sealed record AuditView(
    Guid Id,
    DateTimeOffset At,
    Guid? ActorId,
    string? ActorName,
    string Authority,
    string Act,
    Guid SubjectId,
    string? SubjectName,
    JsonElement? Details
);

/// <summary>
/// The audit of the group, newest first; can be filtered by act, actor, subject and time. For those who manage users,
/// unless they are restricted to locations: entries name no location, so they cannot be filtered for them. Who may not
/// see patients, or not their names, is not told which people act as patients, nor details about patients: a patient may
/// be a colleague.
/// </summary>
internal sealed class ListAuditEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/audit", Get)
            .RequireAccess(Access.ManageUsers, changes: false)
            .WithName("ListAudit")
            .WithTags("Groups")
            .Produces<Page<AuditView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>The acts on patients' data begin like this.</summary>
    private const string PortalActs = "portal.";

    /// <summary>The authorities of people who act as patients, or for them.</summary>
    private static readonly AuditAuthority[] ByPatient =
    [
        AuditAuthority.Self,
        AuditAuthority.Guardian,
        AuditAuthority.Grant,
    ];

    private static bool SeesPatients(Caller caller) =>
        caller.May(Access.OthersPatients) && !caller.May(Access.HidePatientNames);

    private static async Task<IResult> Get(
        Guid groupId,
        string? act,
        string? actorId,
        string? subjectId,
        string? from,
        string? to,
        Paging paging,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        var onlyAct = QueryText.Search(nameof(act), act);
        var actor = QueryText.Id(nameof(actorId), actorId);
        var subject = QueryText.Id(nameof(subjectId), subjectId);
        var begin = QueryText.Moment(nameof(from), from);
        var end = QueryText.Moment(nameof(to), to);
        List<Error> wrong =
        [
            .. after.ErrorsOrEmptyList,
            .. onlyAct.ErrorsOrEmptyList,
            .. actor.ErrorsOrEmptyList,
            .. subject.ErrorsOrEmptyList,
            .. begin.ErrorsOrEmptyList,
            .. end.ErrorsOrEmptyList,
        ];
        if (wrong.Count > 0)
            return Problems.ToProblem(wrong);

        var entries = db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.GroupId == groupId);
        if (onlyAct.Value is { } done)
            entries = entries.Where(entry => entry.Act == done);
        if (actor.Value is { } by)
        {
            entries = entries.Where(entry => entry.ActorId == by);
            // Else the filter would tell who is a patient. The first read authorizes the caller.
            if (await db.Memberships.AnyAsync(member => member.GroupId == groupId, ct) && !SeesPatients(db.Call.Caller))
                entries = entries.Where(entry =>
                    !entry.Act.StartsWith(PortalActs) || !ByPatient.Contains(entry.Authority)
                );
        }

        if (subject.Value is { } on)
            entries = entries.Where(entry => entry.SubjectId == on);
        if (begin.Value is { } first)
            entries = entries.Where(entry => entry.At >= first);
        if (end.Value is { } until)
            entries = entries.Where(entry => entry.At < until);
        if (after.Value is { } last)
            entries = entries.Where(entry => entry.Id.CompareTo(last) < 0);

        // Each name is looked up by key. A join could read all members of the group.
        var names = db.Memberships.Where(member => member.GroupId == groupId);
        var rows = await entries
            .OrderByDescending(entry => entry.Id)
            .Take(paging.Limit + 1)
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
        if (db.Call.Caller.May(Access.RestrictToAssignedLocations))
            return AuthorizationErrors.NotAllowed.ToProblem();

        return Results.Ok(
            paging.Page(rows, row => View(row.Entry, row.ActorName, row.SubjectName), row => [row.Entry.Id])
        );

        AuditView View(AuditEntry entry, string? actorName, string? subjectName)
        {
            var hidden = !SeesPatients(db.Call.Caller) && entry.Act.StartsWith(PortalActs, StringComparison.Ordinal);
            var anonymous = hidden && ByPatient.Contains(entry.Authority);
            return new(
                entry.Id,
                entry.At,
                anonymous ? null : entry.ActorId,
                anonymous ? null : actorName,
                entry.Authority.Code(),
                entry.Act,
                entry.SubjectId,
                subjectName,
                entry.Details is { } details && !hidden ? JsonSerializer.Deserialize<JsonElement>(details) : null
            );
        }
    }
}
