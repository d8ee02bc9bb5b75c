namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What the setting <c>financialReports</c> opens: sums of the invoices that the caller sees.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task A_report_sums_up_what_was_issued_in_the_period_by_month_practitioner_or_location_and_currency()
    {
        var group = await Clinic.NewClinic();
        var (doctor, harbour) = (await group.Practitioner(), await group.OpensLocation());
        var patient = await group.Owner.Adds(group);
        var paid = await Issues(group, patient, "2026-03-31", "100", doctor.Id, harbour);
        await Issues(group, patient, "2026-04-01", "40.50", doctor.Id);
        var voided = await Issues(group, patient, "2026-04-30", "9", null, harbour);
        await Issues(group, patient, "2026-04-30", "500", null, null, "JPY");
        await Issues(group, patient, "2026-05-01", "7"); // too late
        (
            await group.Owner.Api.Post(
                $"{group.Path}/invoices/{paid}/payments",
                new
                {
                    amount = "30",
                    method = "cash",
                    paidOn = "2026-06-01", // after the period: it is paid all the same
                }
            )
        ).Should(201);
        (await group.Owner.Api.Post($"{group.Path}/invoices/{voided}/void", new { reason = "Twice" })).Should(204);
        var owner = (await group.Owner.Api.Get($"{group.Path}/members/{group.Owner.Id}"))["lastName"].GetString()!;

        Assert.Equal(
            [
                "2026-03 March 2026 AUD 1: 100.00 = 30.00 + 70.00 + 0.00",
                "2026-04 April 2026 AUD 2: 49.50 = 0.00 + 40.50 + 9.00",
                "2026-04 April 2026 JPY 1: 500 = 0 + 500 + 0",
            ],
            await Figures(group.Owner, group, "month")
        );
        var byPractitioner = await Figures(group.Owner, group, "practitioner");
        Assert.Equal(3, byPractitioner.Count);
        Assert.Contains(byPractitioner, line =>
            line.StartsWith($"{doctor.Id} ", StringComparison.Ordinal)
            && line.EndsWith(" AUD 2: 140.50 = 30.00 + 110.50 + 0.00", StringComparison.Ordinal)
        );
        Assert.Contains(byPractitioner, line =>
            line.StartsWith($"{group.Owner.Id} ", StringComparison.Ordinal)
            && line.EndsWith($"{owner} AUD 1: 9.00 = 0.00 + 0.00 + 9.00", StringComparison.Ordinal)
        );
        Assert.Equal(
            [
                $"{harbour} Harbour clinic AUD 2: 109.00 = 30.00 + 70.00 + 9.00",
                "  AUD 1: 40.50 = 0.00 + 40.50 + 0.00",
                "  JPY 1: 500 = 0 + 500 + 0",
            ],
            await Figures(group.Owner, group, "location")
        );
    }

    [Fact]
    public async Task Figures_count_the_invoices_that_the_caller_sees_and_no_others()
    {
        var group = await Clinic.NewClinic();
        var harbour = await group.OpensLocation();
        var reports = new Dictionary<string, bool> { ["financialReports"] = true };
        var own = await group.Practitioner("personal", reports);
        var here = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var without = await group.AddsNewPerson("reception");
        var (patient, far) = (
            await group.Owner.Adds(group, locationId: group.LocationId),
            await group.Owner.Adds(group, locationId: harbour)
        );
        await group.Owner.Books(group, patient, own.Id);
        await Issues(group, patient, "2026-03-01", "1");
        await Issues(group, patient, "2026-03-01", "20", null, harbour);
        await Issues(group, far, "2026-03-01", "300");
        await Issues(group, patient, "2026-03-01", "4000", by: own);

        foreach (var (person, issued) in new[] { (group.Owner, "4321.00"), (own, "4000.00"), (here, "4001.00") })
            Assert.Equal(
                [
                    $"2026-03 March 2026 AUD {(person == own ? 1 : person == here ? 2 : 4)}: {issued} = 0.00 + {issued} + 0.00",
                ],
                await Figures(person, group, "month")
            );
        (await without.Api.Get($"{group.Path}/reports/invoices")).Should(403, "auth.not_allowed");
    }

    [Fact]
    public async Task A_period_is_twelve_months_until_today_unless_it_is_named()
    {
        var group = await Clinic.NewClinic();
        var path = $"{group.Path}/reports/invoices";
        var report = (await group.Owner.Api.Get(path)).Should(200);
        var (from, to) = (report["from"].GetString()!, report["to"].GetString()!);
        Assert.Equal("month", report["by"].GetString());
        Assert.EndsWith("-01", from, StringComparison.Ordinal);
        Assert.InRange(DateOnly.Parse(to, null).DayNumber - DateOnly.Parse(from, null).DayNumber, 330, 366);
        (await group.Owner.Api.Get($"{path}?from=2026-05-02&to=2026-05-01")).ShouldReject("from");
        (await group.Owner.Api.Get($"{path}?from=2015-05-01&to=2026-05-01")).ShouldReject("from");
        (await group.Owner.Api.Get($"{path}?to=0001-01-01")).ShouldReject("to");
        (await group.Owner.Api.Get($"{path}?from=May&to=June&by=patient")).ShouldReject("by", "from", "to");
    }

    private static async Task<List<string>> Figures(Person person, Group group, string by) =>
        [
            .. (await person.Api.Get($"{group.Path}/reports/invoices?from=2026-03-01&to=2026-04-30&by={by}"))
                .Should(200)["items"]
                .EnumerateArray()
                .Select(item =>
                    $"{item.GetProperty("key")} {item.GetProperty("name")} {item.GetProperty("currency")} "
                    + $"{item.GetProperty("invoices")}: {item.GetProperty("issued")} = {item.GetProperty("paid")} + "
                    + $"{item.GetProperty("outstanding")} + {item.GetProperty("voided")}"
                ),
        ];

    private static async Task<Guid> Issues(
        Group group,
        Guid patient,
        string issuedOn,
        string price,
        Guid? practitionerId = null,
        Guid? locationId = null,
        string currency = "AUD",
        Person? by = null
    ) => (
            await (by ?? group.Owner).Api.Post(
                $"{group.Patient(patient)}/invoices",
                new
                {
                    issuedOn,
                    dueOn = "2027-01-01",
                    currency,
                    practitionerId,
                    locationId,
                    lines = new[]
                    {
                        new
                        {
                            description = "Visit",
                            quantity = 1,
                            unitPrice = price,
                        },
                    },
                }
            )
        ).Should(201).Id;
}
