using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Shared.Texts;

namespace Practice.Groups.Features.Groups;

/// <param name="RequireTwoFactor">Whether members need a session with a second factor.</param>
/// <param name="IdleMinutes">
/// After how many minutes without use a session must be confirmed; null where the operator's limit is enough.
/// </param>
/// <param name="Address">As it stands on invoices, as do phone and business number.</param>
/// <param name="BusinessNumber">The number under which the practice pays tax, such as an ABN.</param>
/// <param name="TextsOffered">Whether the operator has set up a gateway for text messages.</param>
internal sealed record GroupView(
    Guid Id,
    string Name,
    ReminderSettings Reminders,
    InvoiceSettings Invoices,
    RecordSettings Records,
    bool RequireTwoFactor,
    int? IdleMinutes,
    string? Address,
    string? Phone,
    string? BusinessNumber,
    bool TextsOffered
);

/// <param name="HoursBefore">How many hours before an appointment its reminder is sent.</param>
/// <param name="ByText">Whether by text message, too.</param>
internal sealed record ReminderSettings(bool Enabled, int HoursBefore, bool ByText);

/// <param name="Currency">An ISO 4217 code.</param>
internal sealed record InvoiceSettings(string Currency, int DueAfterDays);

/// <param name="ShareByDefault">Whether new clinical records are shared with their patients.</param>
internal sealed record RecordSettings(bool ShareByDefault);

/// <summary>The group's settings, shared by all members.</summary>
internal sealed class ReadGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}", Get)
            .RequireMember()
            .WithName("ReadGroup")
            .WithTags("Groups")
            .Produces<GroupView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        GroupsDbContext db,
        TextGatewaySettings texts,
        HttpContext http,
        CancellationToken ct
    ) =>
        await db.Groups.AsNoTracking().SingleOrDefaultAsync(g => g.Id == groupId, ct) is { } group
            ? ETags.Ok(
                http,
                new GroupView(
                    group.Id,
                    group.Name,
                    new(group.RemindersEnabled, group.RemindersHoursBefore, group.RemindsByText),
                    new(group.InvoiceCurrency, group.InvoiceDueAfterDays),
                    new(group.SharesRecords),
                    group.RequiresTwoFactor,
                    group.IdleMinutes,
                    group.Address,
                    group.Phone,
                    group.BusinessNumber,
                    texts.IsSetUp
                ),
                group.Version
            )
            : CommonErrors.NotFound.ToProblem();
}
