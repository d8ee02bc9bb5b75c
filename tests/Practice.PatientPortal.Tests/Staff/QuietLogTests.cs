namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What is an answer is no error in the log.</summary>
public sealed class QuietLogTests
{
    [Fact]
    public async Task A_taken_invoice_number_logs_no_error()
    {
        await using var app = await TestApp.StartAsync();
        var clinic = await Portal.Clinic.New(app);
        var patient = await clinic.AddsPatient();
        var path = $"{clinic.Path}/patients/{patient}/invoices";
        var invoice = new
        {
            number = "INV-1",
            issuedOn = "2026-11-01",
            dueOn = "2026-11-15",
            currency = "AUD",
            lines = new[]
            {
                new
                {
                    description = "Consultation",
                    quantity = 1,
                    unitPrice = "80.10",
                },
            },
        };
        (await clinic.Api.Post(path, invoice)).Should(201);
        (await clinic.Api.Post(path, invoice)).Should(409, "portal.invoice_number_taken");
        Assert.Empty(app.Log.Errors);
    }
}
