using System.Net;

namespace Practice.Host.Tests;

/// <summary>The report's page and its file, without script.</summary>
public sealed class ReportPageTests
{
    [Fact]
    public async Task The_file_has_exact_amounts_and_no_cell_that_a_spreadsheet_would_run()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "physiotherapist");
        var evil = (
            await owner.Api.Post(
                $"{group.Path}/locations",
                new { name = "=HYPERLINK(\"x\"), Wien", timeZone = "Europe/Vienna" }
            )
        )
            .Should(201)
            .Id;
        var patient = (
            await owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Moss",
                    dateOfBirth = "1950-01-02",
                }
            )
        ).Should(201).Id;
        foreach (var locationId in new Guid?[] { evil, null })
            (
                await owner.Api.Post(
                    $"{group.Path}/patients/{patient}/invoices",
                    new
                    {
                        issuedOn = "2026-03-01",
                        dueOn = "2026-03-15",
                        currency = "EUR",
                        locationId,
                        lines = new[]
                        {
                            new
                            {
                                description = "Visit",
                                quantity = 1,
                                unitPrice = "1234.50",
                            },
                        },
                    }
                )
            ).Should(201);
        using var browser = new Browser(app);
        await browser.SignIn(owner);

        var page = $"/practice/{group.Id}/reports?by=location&from=2026-01-01&to=2026-12-31";
        var text = WebUtility.HtmlDecode(await (await browser.Get(page)).Content.ReadAsStringAsync());
        Assert.Contains("1,234.50 EUR", text, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"outstanding\" x=\"0\" y=\"0\" width=\"100\"", text, StringComparison.Ordinal);
        var file = await browser.Get(
            $"/practice/{group.Id}/reports/invoices.csv?by=location&from=2026-01-01&to=2026-12-31"
        );
        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            [
                "\uFEFFLocation,Currency,Invoices,Issued,Paid,To be paid,Void",
                "\"'=HYPERLINK(\"\"x\"\"), Wien\",EUR,1,1234.50,0.00,1234.50,0.00",
                "No location,EUR,1,1234.50,0.00,1234.50,0.00",
                "",
            ],
            System.Text.Encoding.UTF8.GetString(await file.Content.ReadAsByteArrayAsync()).Split("\r\n")
        );

        var without = await group.AddsNewPerson("reception");
        using var other = new Browser(app);
        await other.SignIn(without);
        foreach (var address in new[] { page, $"/practice/{group.Id}/reports/invoices.csv" })
            Assert.Equal(HttpStatusCode.Forbidden, (await other.Get(address)).StatusCode);
    }
}
