using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Requests;

/// <summary>What came from the portal, newest first: requests, notes and notices, with sender and account.</summary>
public sealed record ListRequests(
    Guid GroupId,
    QueryValue<RequestStatus>? Status,
    QueryValue<RequestKind>? Kind,
    Paging Paging
) : Message, ICommand<Page<RequestView>>;

/// <summary>A request as staff read it.</summary>
/// <param name="PatientName">Null, as are who sent it and acting for whom, where names are hidden.</param>
/// <param name="TimeZone">
/// The IANA time zone in which the sender chose <paramref name="StartsAt"/>; null where it is not known.
/// </param>
public sealed record RequestView(
    Guid Id,
    RequestKind Kind,
    RequestStatus Status,
    Guid PatientId,
    string PatientCode,
    string? PatientName,
    string? Text,
    DateTimeOffset? StartsAt,
    string? TimeZone,
    Guid? PractitionerId,
    Guid? LocationId,
    Guid? AppointmentId,
    string? SentByName,
    string? ActingFor,
    DateTimeOffset SentAt,
    DateTimeOffset? DecidedAt
)
{
    internal static RequestView Of(PortalRequest request, Patient patient, Caller caller)
    {
        var hidden = caller.May(Access.HidePatientNames);
        return new(
            request.Id,
            request.Kind,
            request.Status,
            patient.Id,
            patient.Code,
            patient.NameFor(caller),
            hidden && request.Kind is RequestKind.ContactDetails or RequestKind.GuardianshipEnding
                ? null
                : request.Text, // these texts contain names
            request.StartsAt,
            request.TimeZone,
            request.PractitionerId,
            request.LocationId,
            request.AppointmentId,
            hidden ? null : request.SentByName,
            hidden ? null : request.ActingFor,
            request.SentAt,
            request.DecidedAt
        );
    }
}

internal sealed class ListRequestsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/requests", Get)
            .RequireMember()
            .WithName(nameof(ListRequests))
            .WithTags("Requests from the portal")
            .Produces<Page<RequestView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        QueryValue<RequestStatus>? status,
        QueryValue<RequestKind>? kind,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListRequests(groupId, status, kind, paging), ct)).ToHttp(Results.Ok);
}

public static class ListRequestsHandler
{
    public static async Task<ErrorOr<Page<RequestView>>> Handle(
        ListRequests command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, status, kind, paging) = command;
        var after = paging.AfterId();
        var withStatus = QueryText.OneOf(nameof(status), status);
        var ofKind = QueryText.OneOf(nameof(kind), kind);
        List<Error> wrong = [.. after.ErrorsOrEmptyList, .. withStatus.ErrorsOrEmptyList, .. ofKind.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return wrong;

        var member = (await bus.FindMemberAsync(groupId, work.Caller.Person, ct))!;
        var requests = db.VisibleToCaller(
            db.Requests.AsNoTracking().Where(request => request.GroupId == groupId),
            member.Practitioner
        );
        if (withStatus.Value is { } only)
            requests = requests.Where(request => request.Status == only);
        if (ofKind.Value is { } one)
            requests = requests.Where(request => request.Kind == one);
        if (after.Value is { } last)
            requests = requests.Where(request => request.Id < last);

        var rows = await requests
            .Join(
                db.VisiblePatients(groupId).AsNoTracking(),
                request => request.PatientId,
                patient => patient.Id,
                (request, patient) => new { Request = request, Patient = patient }
            )
            .OrderByDescending(row => row.Request.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.RequestsOpened,
            groupId,
            rows.Take(paging.Limit).Select(row => row.Patient),
            AccessLogAction.Requests,
            clock.GetUtcNow(),
            ct
        );
        return paging.Page(rows, row => RequestView.Of(row.Request, row.Patient, work.Caller), row => [row.Request.Id]);
    }
}
