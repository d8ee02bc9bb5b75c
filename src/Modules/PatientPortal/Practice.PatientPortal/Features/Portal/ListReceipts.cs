using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>One opening of the account.</summary>
/// <param name="Practice">The practice, where its staff opened it.</param>
/// <param name="Authority"><c>self</c>, <c>guardian</c>, <c>grant</c> or <c>staff</c>.</param>
internal sealed record ReceiptView(
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

/// <summary>Who opened what of the account, when, and under which grant; newest first, with <c>others=true</c> without the caller. For its holder.</summary>
internal sealed class ListReceiptsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/access-log", Get)
            .RequireAccount(holder: true)
            .WithName("ListAccessReceipts")
            .WithTags("Portal access")
            .Produces<Page<ReceiptView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid accountId,
        string? others,
        Paging paging,
        PatientPortalDbContext db,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);
        if (QueryText.YesOrNo(nameof(others), others) is var onlyOthers && onlyOthers.IsError)
            return Problems.ToProblem(onlyOthers.Errors);

        var receipts = db.Receipts.AsNoTracking().Where(receipt => receipt.AccountId == accountId);
        if (after.Value is { } last)
            receipts = receipts.Where(receipt => receipt.Id < last);
        if (onlyOthers.Value)
            receipts = receipts.Where(receipt => receipt.UserId != ModuleDbContext.CurrentUserId());
        var rows = await receipts.OrderByDescending(receipt => receipt.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                r => new ReceiptView(
                    r.Id,
                    r.At,
                    r.UserId,
                    r.UserName,
                    r.Authority,
                    r.GrantId,
                    r.PracticeName,
                    r.Opened,
                    r.SubjectId
                ),
                r => [r.Id]
            )
        );
    }
}
