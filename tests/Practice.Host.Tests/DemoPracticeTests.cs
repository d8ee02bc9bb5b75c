using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Practice.Host.Demo;

namespace Practice.Host.Tests;

public sealed class DemoPracticeTests
{
    [Fact]
    public async Task An_interrupted_demo_practice_is_completed_by_the_next_start_and_has_nothing_twice()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Data:Directory"] = TestFolder.New("demo") } }
        );
        var settings = HostSettings.Read(app.Services.GetRequiredService<IConfiguration>());
        using (var stop = new CancellationTokenSource())
        {
            var interrupted = DemoPractice.SeedAsync(app.Services, settings, $"{app.Url}", stop.Token);
            await Eventually.Is(async () =>
                await app.Owner.Scalar<long>("select count(*) from portal.appointments") >= 10
            );
            await stop.CancelAsync();
            Assert.Empty(await interrupted);
        }

        var lines = await DemoPractice.SeedAsync(app.Services, settings, $"{app.Url}", default);
        Assert.Single(lines, line => line.StartsWith("Password of all of them: ", StringComparison.Ordinal));
        Assert.Empty(app.Log.Errors);
        var password = lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[5];

        var owner = await app.SignIn("olivia@riverside.example", password);
        var group = $"/api/groups/{Assert.Single(await owner.GetAll("/api/groups")).GetProperty("id").GetGuid()}";
        Assert.Equal(8, (await owner.GetAll($"{group}/members")).Count);
        Assert.Equal(2, (await owner.GetAll($"{group}/locations")).Count);
        Assert.Single(await owner.GetAll($"{group}/invitations?status=pending"));
        var patients = await owner.GetAll($"{group}/patients");
        Assert.Equal(40, patients.Count);
        Assert.Equal(3, patients.Count(patient => patient.GetProperty("portal").GetString() == "linked"));
        var invoices = await owner.GetAll($"{group}/invoices?from=2000-01-01");
        Assert.Equal(24, invoices.Count);
        Assert.Equal(
            ["issued", "paid", "partlyPaid", "void"],
            invoices.Select(invoice => invoice.GetProperty("status").GetString()!).Distinct().Order()
        );
        Assert.InRange(await app.Owner.Scalar<long>("select count(*) from portal.appointments"), 80, 150);
        Assert.Equal(
            0,
            await app.Owner.Scalar<long>(
                """
                select count(*) - count(distinct (practitioner_id, starts_at)) from portal.appointments
                where status not in ('Cancelled', 'NoShow')
                """
            )
        );
        Assert.Equal(16, await app.Owner.Scalar<long>("select count(*) from portal.clinical_records"));
        Assert.Single(await owner.GetAll($"{group}/requests"));

        var mother = await app.SignIn("mara@riverside.example", password);
        Assert.Equal(3, (await mother.GetAll("/api/portal/accounts")).Count);
        var father = await app.SignIn("jonas@riverside.example", password);
        Assert.Equal(2, (await father.GetAll("/api/portal/accounts")).Count);

        lines = await DemoPractice.SeedAsync(app.Services, settings, $"{app.Url}", default);
        Assert.DoesNotContain(lines, line => line.Contains(password, StringComparison.Ordinal));
    }
}
