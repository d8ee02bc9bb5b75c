using System.Net;
using Practice.Client;
using Practice.Web.Forms;

namespace Practice.Web;

/// <summary>The lines of an invoice that is being written: read from the form, added up by the API.</summary>
internal static class InvoiceForm
{
    public const int MaxRows = 100;

    /// <summary>Shown while the lines come to nothing yet.</summary>
    public const string NoTotal = "–";

    public static int RowsOf(FormState form, int first) => Math.Clamp(form.Number("rows") ?? first, 1, MaxRows);

    public static string? CurrencyOf(FormState form) => form.Text("currency")?.Trim().ToUpperInvariant();

    /// <summary>The rows with input besides the quantity, which has a default, and their numbers in the form.</summary>
    public static (List<NewInvoiceLine> Lines, List<int> Rows) Read(FormState form)
    {
        var rows = Enumerable
            .Range(0, RowsOf(form, 1))
            .Where(row => At("description", row) is not null || At("unitPrice", row) is not null)
            .ToList();
        return (
            rows.ConvertAll(row => new NewInvoiceLine
            {
                Description = At("description", row),
                Quantity = form.Decimal($"lines[{row}].quantity"),
                UnitPrice = At("unitPrice", row)?.Trim(),
                TaxRate = form.Decimal($"lines[{row}].taxRate"),
            }),
            rows
        );

        string? At(string field, int row) => form.Text($"lines[{row}].{field}");
    }

    /// <summary>
    /// What the API says the lines come to, such as <c>1,120.15 AUD</c>; a dash as long as they have mistakes.
    /// </summary>
    public static async Task<string> TotalAsync(PracticeApi api, Guid groupId, FormState form)
    {
        try
        {
            return Read(form).Lines.Count == 0 ? NoTotal : await PriceAsync(api, groupId, form);
        }
        catch (ApiProblemException problem)
            when (problem.Status
                    is HttpStatusCode.BadRequest
                        or HttpStatusCode.TooManyRequests
                        or >= HttpStatusCode.InternalServerError
            )
        {
            return NoTotal;
        }
    }

    /// <exception cref="ApiProblemException">What is wrong with the lines.</exception>
    public static async Task<string> PriceAsync(PracticeApi api, Guid groupId, FormState form)
    {
        var draft = new InvoiceDraft { Currency = CurrencyOf(form), Lines = Read(form).Lines };
        return Labels.Money((await api.PriceInvoiceAsync(groupId, draft)).Result.Total, draft.Currency!);
    }

    /// <summary>The API's errors count the lines; they will be shown at the rows of the form.</summary>
    public static void PlaceErrors(FormState form)
    {
        var rows = Read(form).Rows;
        for (var line = rows.Count - 1; line >= 0; line--) // the last one first: none is moved twice
        {
            foreach (var field in new[] { "description", "quantity", "unitPrice", "taxRate" })
                form.ShowErrorsAt($"lines[{line}].{field}", $"lines[{rows[line]}].{field}");
        }

        form.ShowErrorsAt("lines", "lines[0].description");
    }
}
