namespace Practice.EndToEnd.Tests;

/// <summary>From an invoice to its payments, and back.</summary>
public sealed class BillingStoryTests
{
    [Fact]
    public async Task An_invoice_is_issued_paid_in_part_reversed_and_voided()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        await using var settings = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"/practice/{group.Id}/settings/practice"
        );
        await settings.Field("Address (optional)").FillAsync("1 High Street\nMelbourne VIC 3000");
        await settings.Field("Business number (optional)").FillAsync("51 824 753 557");
        await settings.Button("Save").ClickAsync();
        await settings.SeesAsync("This is not an ABN.");
        await settings.InspectAsync("settings-business-number");
        await settings.Field("Business number (optional)").FillAsync("51824753556");
        await settings.Button("Save").ClickAsync();
        await settings.SeesAsync("Saved.");
        var patient = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Nguyễn Thị",
                    lastName = "Minh",
                    dateOfBirth = "1985-04-12",
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"/practice/{group.Id}/invoices"
        );
        await screen.SeesAsync("No invoices yet");
        await screen.InspectAsync("invoices-empty");

        // Without a number, with tax.
        await screen.GoAsync($"/practice/{group.Id}/patients/{patient}/invoices?issue");
        foreach (
            var (row, what, price, tax) in new[] { (0, "First consultation", "100", "10"), (1, "Tape", "9.50", "") }
        )
        {
            await screen.Page.Locator($"[name='lines[{row}].description']").FillAsync(what);
            await screen.Page.Locator($"[name='lines[{row}].unitPrice']").FillAsync(price);
            await screen.Page.Locator($"[name='lines[{row}].taxRate']").FillAsync(tax);
        }

        await Assertions.Expect(screen.Page.Locator("output")).ToHaveTextAsync("119.50 AUD");
        await screen.InspectAsync("invoice-issue-with-tax");
        await screen.Button("Issue invoice").ClickAsync();
        await screen.SeesAsync("The invoice is issued.");
        await screen.Link("Invoice 1").ClickAsync();
        await screen.SeesAsync("Tax 10% on 100.00");

        await screen.Link("Record payment").ClickAsync();
        await screen.Field("Amount in AUD").FillAsync("50");
        await screen.Field("Method").SelectOptionAsync("card");
        await screen.Button("Record payment").ClickAsync();
        await screen.SeesAsync("The payment is recorded.");
        await screen.SeesAsync("Partly paid");
        await screen.SeesAsync("69.50 AUD");
        await screen.InspectAsync("invoice");

        // On paper, with the practice's number.
        await screen.Link("Print").ClickAsync();
        await screen.SeesAsync("ABN 51 824 753 556");
        await screen.InspectAsync("invoice-print");

        // It was a mistake: the payment is reversed, the invoice void.
        await screen.GoAsync($"/practice/{group.Id}/invoices?status=partlyPaid");
        await screen.SeesAsync("Nguyễn Thị Minh");
        await screen.Link("1").ClickAsync();
        await screen.Link("Reverse the payment of 50.00 AUD").ClickAsync();
        await screen.Field("Reason").FillAsync("The card was declined");
        await screen.InspectAsync("invoice-reverse");
        await screen.Button("Reverse payment").ClickAsync();
        await screen.SeesAsync("The payment is reversed.");
        await screen.Link("Void").ClickAsync();
        await screen.Button("Void invoice").ClickAsync();
        await Assertions.Expect(screen.Field("Reason")).ToBeFocusedAsync();
        await screen.Field("Reason").FillAsync("Issued twice");
        await screen.Button("Void invoice").ClickAsync();
        await screen.SeesAsync("Invoice 1 is void.");
        await screen.SeesAsync("Issued twice");
        await screen.InspectAsync("invoice-void");
    }
}
