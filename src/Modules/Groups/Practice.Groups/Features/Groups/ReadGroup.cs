using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;

namespace Practice.Groups.Features.Groups;

/// <param name="RequireTwoFactor">Whether members need a session with a second factor.</param>
/// <param name="IdleMinutes">
/// After how many minutes without use a session must be confirmed; null where the operator's limit is enough.
/// </param>
internal sealed record GroupView(
    Guid Id,
    string Name,
    ReminderSettings Reminders,
    InvoiceSettings Invoices,
    bool RequireTwoFactor,
    int? IdleMinutes
);

/// <param name="HoursBefore">How many hours before an appointment its reminder is sent.</param>
internal sealed record ReminderSettings(bool Enabled, int HoursBefore);

/// <param name="Currency">An ISO 4217 code.</param>
internal sealed record InvoiceSettings(string Currency, int DueAfterDays);

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

    private static async Task<IResult> Get(Guid groupId, GroupsDbContext db, HttpContext http, CancellationToken ct) =>
        await db.Groups.AsNoTracking().SingleOrDefaultAsync(g => g.Id == groupId, ct) is { } group
            ? ETags.Ok(
                http,
                new GroupView(
                    group.Id,
                    group.Name,
                    new(group.RemindersEnabled, group.RemindersHoursBefore),
                    new(group.InvoiceCurrency, group.InvoiceDueAfterDays),
                    group.RequiresTwoFactor,
                    group.IdleMinutes
                ),
                group.Version
            )
            : CommonErrors.NotFound.ToProblem();
}
