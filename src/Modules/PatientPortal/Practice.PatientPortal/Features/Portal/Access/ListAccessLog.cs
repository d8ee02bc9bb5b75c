using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>One access to the account.</summary>
/// <param name="Practice">The practice, if its staff opened the account.</param>
/// <param name="Authority"><c>self</c>, <c>guardian</c>, <c>grant</c> or <c>staff</c>.</param>
internal sealed record AccessLogEntryView(
    Guid Id,
    DateTimeOffset At,
    Guid UserId,
    string Name,
    string Authority,
    Guid? GrantId,
    string? Practice,
    string Opened,
    Guid? SubjectId
);

/// <summary>
/// Who opened what of the account, when, and under which grant; newest first. With <c>others=true</c> without the
/// caller's own entries. For the account's holder.
/// </summary>
internal sealed class ListAccessLogEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/access-log", Get)
            .RequireAccount(holder: true)
            .WithName("ListAccessLog")
            .WithTags("Portal access")
            .Produces<Page<AccessLogEntryView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid accountId,
        QueryValue<bool>? others,
        Paging paging,
        PatientPortalDbContext db,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);
        if (QueryText.YesOrNo(nameof(others), others) is var onlyOthers && onlyOthers.IsError)
            return Problems.ToProblem(onlyOthers.Errors);

        var entries = db.AccessLog.AsNoTracking().Where(entry => entry.AccountId == accountId);
        if (after.Value is { } last)
            entries = entries.Where(entry => entry.Id < last);
        if (onlyOthers.Value)
            entries = entries.Where(entry => entry.UserId != ModuleDbContext.CurrentUserId());
        var rows = await entries.OrderByDescending(entry => entry.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                r => new AccessLogEntryView(
                    r.Id,
                    r.At,
                    r.UserId,
                    r.UserName,
                    r.Authority.ToCode(),
                    r.GrantId,
                    r.PracticeName,
                    r.Action.ToCode(),
                    r.SubjectId
                ),
                r => [r.Id]
            )
        );
    }
}
