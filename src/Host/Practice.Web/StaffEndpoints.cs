using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Client;
using Practice.Csv;
using Practice.Web.Forms;

namespace Practice.Web;

/// <summary>Endpoints of the staff area that are not pages.</summary>
internal static class StaffEndpoints
{
    /// <summary>
    /// The columns of an import, in the order in which people fill them in, and a row that shows how. The API knows
    /// that row by its email, and does not import it.
    /// </summary>
    private const string ImportTemplate =
        "title,firstName,lastName,roleType,profession,registrationNumber,email,accessLevel,settings,locations\r\n"
        + "Dr,Jo,Example,practitioner,podiatrist,POD0001234567,jo.example@example.com,clinical,"
        + "exportData=true; readOnly=false,Main street; Harbour\r\n";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/practice/{groupId:guid}/switch", SwitchAsync).RequireAuthorization().ExcludeFromDescription();
        app.MapPost("/practice/{groupId:guid}/invoice-total", TotalAsync)
            .RequireAuthorization()
            .ExcludeFromDescription();
        app.MapMethods("/practice/{groupId:guid}/reports/invoices.csv", ["GET", "HEAD"], ReportAsync)
            .RequireAuthorization()
            .ExcludeFromDescription();
        app.MapMethods(
                "/import-template.csv",
                ["GET", "HEAD"],
                () =>
                    // With the mark, spreadsheets read it, and save what people add, as UTF-8.
                    Results.Bytes(
                        System.Text.Encoding.UTF8.GetBytes($"\uFEFF{ImportTemplate}"),
                        "text/csv; charset=utf-8",
                        "users.csv"
                    )
            )
            .RequireAuthorization()
            .ExcludeFromDescription();
    }

    /// <summary>The total of the invoice in the form, as the page shows it without script.</summary>
    private static async Task<IResult> TotalAsync(
        Guid groupId,
        HttpContext http,
        IAntiforgery antiforgery,
        PracticeApi api
    )
    {
        await antiforgery.ValidateRequestAsync(http);
        return Results.Text(await InvoiceForm.TotalAsync(api, groupId, FormState.Posted(http)));
    }

    /// <summary>The figures of the reports page, for a spreadsheet: amounts without commas, a currency a row.</summary>
    private static async Task<IResult> ReportAsync(
        Guid groupId,
        string? from,
        string? to,
        string? by,
        PracticeApi api,
        CancellationToken ct
    )
    {
        var report = (
            await api.ReportInvoicesAsync(
                groupId,
                QueryFilter.Day(from),
                QueryFilter.Day(to),
                QueryFilter.OneOf<ReportBy>(by),
                ct
            )
        ).Result;
        string[] header = [InvoiceLabels.Of(report.By), "Currency", "Invoices", "Issued", "Paid", "To be paid", "Void"];
        return Results.Bytes(
            CsvText.Of([
                header,
                .. report.Items.Select(item =>
                    (string[])
                        [
                            InvoiceLabels.NameOf(item, report.By),
                            item.Currency,
                            item.Invoices.ToString(CultureInfo.InvariantCulture),
                            item.Issued,
                            item.Paid,
                            item.Outstanding,
                            item.Voided,
                        ]
                ),
            ]),
            CsvText.ContentType,
            $"invoices-{report.From.ToIsoDate()}-{report.To.ToIsoDate()}.csv"
        );
    }

    private static async Task<IResult> SwitchAsync(
        Guid groupId,
        HttpContext http,
        IAntiforgery antiforgery,
        PracticeApi api,
        CancellationToken ct
    )
    {
        await antiforgery.ValidateRequestAsync(http);
        // 404 where the person is not an active member.
        await api.SwitchGroupAsync(new GroupChoice { GroupId = groupId }, ct);
        return Results.LocalRedirect($"/practice/{groupId}");
    }
}
