using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.Features.Staff.Requests;

/// <summary>
/// The number of open requests that the caller may answer, for the menu: none for members who may only read. It shows
/// no patient, so that it is in no access log.
/// </summary>
public sealed record CountOpenRequests(Guid GroupId) : Message, ICommand<OpenRequestCount>;

/// <param name="Count">Up to 100.</param>
public sealed record OpenRequestCount(int Count);

internal sealed class CountOpenRequestsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/requests/open-count", Get)
            .RequireMember()
            .WithName(nameof(CountOpenRequests))
            .WithTags("Requests from the portal")
            .Produces<OpenRequestCount>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid groupId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new CountOpenRequests(groupId), ct)).ToHttp(Results.Ok);
}

public static class CountOpenRequestsHandler
{
    public static async Task<ErrorOr<OpenRequestCount>> Handle(
        CountOpenRequests command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        new OpenRequestCount(
            work.Caller.May(Access.ReadOnly) ? 0 : await db.CountOpenRequestsAsync(bus, command.GroupId, ct)
        );
}
