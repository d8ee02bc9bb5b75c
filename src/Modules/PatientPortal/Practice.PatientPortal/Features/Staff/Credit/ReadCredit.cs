using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Credit;
using Practice.PatientPortal.Domain.Texts;

namespace Practice.PatientPortal.Features.Staff.Credit;

/// <summary>How many text messages the practice can still send, and its ledger, newest first.</summary>
internal sealed class ReadCreditEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/credit", Get)
            .RequireOwner(changes: false)
            .WithName("ReadCredit")
            .WithTags("Message credit")
            .Produces<CreditView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Paging paging,
        HttpContext http,
        PatientPortalDbContext db,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);
        var entries = db.CreditEntries.AsNoTracking().Where(entry => entry.GroupId == groupId);
        if (after.Value is { } last)
            entries = entries.Where(entry => entry.Id < last);
        var rows = await entries.OrderByDescending(entry => entry.Id).Take(paging.Limit + 1).ToListAsync(ct);
        // By key: joined, all texts of the practice would be read.
        var ids = rows.Select(entry => entry.TextId).OfType<Guid>().Distinct().ToList();
        var texts = await db
            .Texts.AsNoTracking()
            .Where(text => ids.Contains(text.Id))
            .ToDictionaryAsync(text => text.Id, ct);
        var credit = await db
            .MessageCredits.AsNoTracking()
            .SingleOrDefaultAsync(credit => credit.GroupId == groupId, ct)
            ?? MessageCredit.Of(groupId);
        var page = paging.Page(
            rows,
            entry =>
            {
                var text = entry.TextId is { } id ? texts.GetValueOrDefault(id) : null;
                return new CreditEntryView(
                    entry.Id,
                    entry.At,
                    entry.Kind,
                    entry.Amount,
                    entry.Note,
                    entry.ById,
                    text?.AppointmentId,
                    text?.Status,
                    text?.Problem
                );
            },
            entry => [entry.Id]
        );
        return ETags.Ok(
            http,
            new CreditView(credit.Balance, credit.LowBalance, page.Items, page.Next),
            (uint)credit.Revision
        );
    }
}

/// <param name="LowBalance">At this balance the owners are told.</param>
/// <param name="Items">A page of the ledger.</param>
internal sealed record CreditView(int Balance, int LowBalance, IReadOnlyList<CreditEntryView> Items, string? Next);

/// <param name="Amount">What it adds to the balance; less than zero for a text message.</param>
/// <param name="ById">The owner who added credit.</param>
/// <param name="AppointmentId">Of which a text message reminded.</param>
/// <param name="Problem">Why the text message was not sent, or may not have been.</param>
internal sealed record CreditEntryView(
    Guid Id,
    DateTimeOffset At,
    CreditEntryKind Kind,
    int Amount,
    string? Note,
    Guid? ById,
    Guid? AppointmentId,
    TextStatus? TextStatus,
    string? Problem
);
