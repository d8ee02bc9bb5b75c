using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Requests;

/// <summary>Declines a request from the portal.</summary>
public sealed record DeclineRequest(Guid GroupId, Guid RequestId) : Message, ICommand<Success>;

internal sealed class DeclineRequestEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/requests/{requestId:guid}/decline", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(DeclineRequest))
            .WithTags("Requests from the portal")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid requestId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new DeclineRequest(groupId, requestId), ct)).ToHttp(() => Results.NoContent());
}

public static class DeclineRequestHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        DeclineRequest command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var member = (await bus.FindMemberAsync(command.GroupId, work.Caller.Person, ct))!;

        if (
            await db.LockRequestAsync(command.GroupId, command.RequestId, member.Practitioner, ct) is not { } request
            || await db.FindPatientAsync(command.GroupId, request.PatientId, ct) is null
        )
        {
            return CommonErrors.NotFound;
        }

        if (request.Status != RequestStatus.Open)
            return PortalErrors.RequestNotOpen;
        var now = clock.GetUtcNow();
        request.Decline(now);
        await messages.PublishAsync(request.ToClosedEvent());
        await work.TellWebhooksAsync(request.ToEvent(RequestStep.Closed));
        if (request.Kind == RequestKind.Appointment)
            await messages.PublishAsync(AppointmentChanged.Declined(request, now));
        work.Audit(PortalAudit.RequestDeclined, request.Id, command.GroupId, new { request.PatientId, request.Kind });
        return Result.Success;
    }
}
