using System.Net.Http.Json;

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

    [Fact]
    public async Task A_caller_who_hangs_up_logs_no_error()
    {
        await using var app = await TestApp.StartAsync();
        var clinic = await Portal.Clinic.New(app);
        using var http = new HttpClient { BaseAddress = app.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", clinic.Api.Token);
        using var patience = new CancellationTokenSource();
        var table = await HeldLock.TakeAsync(app, "lock table portal.patients in access exclusive mode");
        var path = $"{clinic.Path}/patients";
        Task[] calls =
        [
            http.GetAsync(path, patience.Token),
            http.PostAsJsonAsync(path, Clinic.Patient(), patience.Token),
        ];
        await HeldLock.HoldsUpAsync(app, 2);

        await patience.CancelAsync();
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await HeldLock.HoldsUpAsync(app, 0);
        await table.DisposeAsync();
        (await clinic.Api.Get(path)).Should(200);
        Assert.Empty(app.Log.Errors);
    }
}
