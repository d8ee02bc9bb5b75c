using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// The audit of the group, newest first; can be filtered by act, actor, subject, patient and time. For those who manage
/// users, unless they are restricted to locations: entries name no location, so they cannot be filtered for them.
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

    private static async Task<IResult> Get(
        Guid groupId,
        [MaxLength(QueryText.MaxSearchLength)] string? act,
        QueryValue<Guid>? actorId,
        QueryValue<Guid>? subjectId,
        QueryValue<DateTimeOffset>? from,
        QueryValue<DateTimeOffset>? to,
        Paging paging,
        QueryValue<Guid>? patientId,
        GroupsDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        var read = AuditFilters.Read(act, actorId, subjectId, patientId, from, to);
        if (after.IsError || read.IsError)
            return Problems.ToProblem([.. after.ErrorsOrEmptyList, .. read.ErrorsOrEmptyList]);

        var filter = read.Value;
        var seesPatients = false;
        if (filter.ActorId is not null || filter.PatientId is not null)
        {
            // These filters show a reader only what they may know. The first read authorizes the caller.
            await db.Memberships.AnyAsync(member => member.GroupId == groupId, ct);
            seesPatients = db.Call.Caller.SeesPatients();
            if (filter.PatientId is not null && !seesPatients)
                return AuthorizationErrors.NotAllowed.ToProblem();
        }

        var rows = await db.ReadAuditAsync(
            bus,
            groupId,
            db.AuditEntries(groupId, filter, seesPatients),
            after.Value,
            paging.Limit + 1,
            () => db.Call.Caller.SeesPatients(),
            ct
        );
        return db.Call.Caller.May(Access.RestrictToAssignedLocations)
            ? AuthorizationErrors.NotAllowed.ToProblem()
            : Results.Ok(paging.Page(rows, row => row, row => [row.Id]));
    }
}
