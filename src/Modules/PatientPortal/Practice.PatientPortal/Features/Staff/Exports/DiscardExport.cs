using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Exports;

namespace Practice.PatientPortal.Features.Staff.Exports;

/// <summary>Gives an export up, so that another one can be asked for. One that is being downloaded stays.</summary>
public sealed record DiscardExport(Guid GroupId, Guid ExportId) : Message, ICommand<Success>;

internal sealed class DiscardExportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/groups/{groupId:guid}/exports/{exportId:guid}", Delete)
            .RequireAccess(Access.ExportData, changes: false)
            .RequirePerson()
            .WithName(nameof(DiscardExport))
            .WithTags("Exports")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Delete(Guid groupId, Guid exportId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new DiscardExport(groupId, exportId), ct)).ToHttp(Results.NoContent);
}

public static class DiscardExportHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        DiscardExport command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await db.LockExportsAsync(command.GroupId, ct);
        var now = clock.GetUtcNow();
        if (await db.FindExportAsync(command.GroupId, command.ExportId, now, ct) is not { } export)
            return CommonErrors.NotFound;
        if (export.StatusAt(now) == ExportStatus.Running)
            return PortalErrors.ExportRunning;

        export.Discard(now);
        work.Audit(PortalAudit.ExportDiscarded, export.Id, command.GroupId);
        return Result.Success;
    }
}
