using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Exports;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Exports;

/// <summary>Asks for an export of these kinds. A member has one at a time.</summary>
public sealed record RequestExport(Guid GroupId, Body<ExportInput> Body) : Message, ICommand<NewResource>;

public sealed record ExportInput(IReadOnlyList<ExportKind>? Kinds);

internal sealed class ExportInputValidator : AbstractValidator<ExportInput>
{
    public ExportInputValidator() =>
        RuleFor(input => input.Kinds)
            .MustBe(kinds => kinds is { Count: > 0 }, new SchemaFacts { Required = true, MinItems = 1 })
            .WithMessage("Choose at least one kind.");
}

internal sealed class RequestExportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/exports", Post)
            .RequireAccess(Access.ExportData, changes: false)
            .RequirePerson()
            .RequireVerified()
            .WithName(nameof(RequestExport))
            .WithTags("Exports")
            .Produces<NewResource>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<ExportInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new RequestExport(groupId, body), ct)).ToHttp(made =>
            Results.Accepted($"/api/groups/{groupId}/exports/{made.Id}", made)
        );
}

public static class RequestExportHandler
{
    /// <summary>By the whole practice in a day.</summary>
    private const int MaxExportsPerDay = 20;

    public static async Task<ErrorOr<NewResource>> Handle(
        RequestExport command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var member = (await bus.FindMemberAsync(command.GroupId, work.Caller.Person, ct))!;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (work.Caller.WhyNot(read.Value.Kinds!, member) is { } no)
            return no;

        await db.LockExportsAsync(command.GroupId, ct); // so that nobody asks twice at once
        var now = clock.GetUtcNow();
        var others = await db
            .Exports.AsNoTracking()
            .Where(export => export.GroupId == command.GroupId && export.RequestedAt > now - DataExport.Lifetime)
            .ToListAsync(ct);
        if (others.Exists(export => export.RequestedById == work.Caller.Person && export.IsOpen(now)))
            return PortalErrors.ExportWaiting;
        if (others.Count >= MaxExportsPerDay)
            return PortalErrors.TooManyExports;

        var export = DataExport.Request(command.GroupId, work.Caller.Person, read.Value.Kinds!, now);
        db.Exports.Add(export);
        work.Audit(PortalAudit.ExportRequested, export.Id, command.GroupId, new { export.Kinds });
        await messages.ScheduleAsync(new DeleteExport(command.GroupId, export.Id), export.ExpiresAt);
        return new NewResource(export.Id);
    }
}

/// <summary>Deletes an export that has expired, once nobody downloads it any more.</summary>
public sealed record DeleteExport(Guid GroupId, Guid ExportId) : Message, IInGroup;

public static class DeleteExportHandler
{
    /// <summary>Longer than a download takes.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(20);

    public static async Task Handle(
        DeleteExport expired,
        PatientPortalDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        await db.LockExportsAsync(expired.GroupId, ct); // a download that begins holds it, too
        var now = clock.GetUtcNow();
        var export = await db.Exports.SingleOrDefaultAsync(
            export => export.GroupId == expired.GroupId && export.Id == expired.ExportId,
            ct
        );
        if (export?.StatusAt(now) == ExportStatus.Running)
            await messages.ScheduleAsync(expired, Later);
        else if (export is not null)
            db.Exports.Remove(export);
    }
}
