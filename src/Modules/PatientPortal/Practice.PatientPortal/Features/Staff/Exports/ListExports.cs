using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Exports;

namespace Practice.PatientPortal.Features.Staff.Exports;

/// <summary>The exports that the caller has asked for and that are not gone yet, newest first.</summary>
internal sealed class ListExportsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/groups/{groupId:guid}/exports", List)
            .RequireAccess(Access.ExportData, changes: false)
            .RequirePerson()
            .WithName("ListExports")
            .WithTags("Exports")
            .Produces<Page<ExportView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/exports/{exportId:guid}", Get)
            .RequireAccess(Access.ExportData, changes: false)
            .RequirePerson()
            .WithName("ReadExport")
            .WithSummary("One export that the caller has asked for, and whether it is ready.")
            .WithTags("Exports")
            .Produces<ExportView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> List(
        Guid groupId,
        Paging paging,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var now = clock.GetUtcNow();
        var exports = db.OwnExports(groupId, now).AsNoTracking();
        if (after.Value is { } last)
            exports = exports.Where(export => export.Id < last);
        var rows = await exports.OrderByDescending(export => export.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(paging.Page(rows, row => ExportView.Of(row, now), row => [row.Id]));
    }

    private static async Task<IResult> Get(
        Guid groupId,
        Guid exportId,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await db.OwnExports(groupId, clock.GetUtcNow())
            .AsNoTracking()
            .SingleOrDefaultAsync(export => export.Id == exportId, ct)
            is { } found
            ? Results.Ok(ExportView.Of(found, clock.GetUtcNow()))
            : CommonErrors.NotFound.ToProblem();
}
