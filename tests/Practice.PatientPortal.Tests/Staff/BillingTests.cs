namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What becomes of an invoice: its number, its tax, its payments, and the practice's list of them.</summary>
public sealed class BillingTests
{
    [Fact]
    public async Task A_hundred_invoices_at_once_get_numbers_without_gaps_and_past_those_that_are_given()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group);
        foreach (var given in new[] { "7", "50", "51", "2026-1", "007" })
            (await group.Owner.Api.Post(Invoices(group, patient), Clinic.Invoice(given))).Should(201);

        var issued = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(number =>
                    Task.Run(() =>
                        number % 10 == 0
                            // Given at the same moment: it is taken, or the sequence goes past it.
                            ? group.Owner.Api.Post(Invoices(group, patient), Clinic.Invoice($"{number + 1}"))
                            : group.Owner.Api.Post(Invoices(group, patient), Unnumbered(taxRate: null))
                    )
                )
        );
        for (var number = 0; number < issued.Length; number++)
        {
            if (number % 10 == 0 && issued[number].Status == 409)
                issued[number].Should(409, "portal.invoice_number_taken");
            else
                issued[number].Should(201);
        }

        // Roll-backs: nothing is left of a number that was refused.
        (await group.Owner.Api.Post(Invoices(group, patient), Unnumbered() with { Currency = "XXX" })).Should(400);
        (
            await group.Owner.Api.Post(
                Invoices(group, patient),
                Unnumbered() with
                {
                    LocationId = Guid.CreateVersion7(),
                }
            )
        ).Should(422, "locations.unknown_location");
        await Issues(group, patient);

        var numbers = (await group.Owner.Api.GetAll($"{group.Path}/invoices?limit=200"))
            .Of("number")
            .Where(number => long.TryParse(number, out _) && number != "007")
            .Select(long.Parse!)
            .Order()
            .ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
        (await group.Owner.Api.Post(Invoices(group, patient), Clinic.Invoice("50"))).Should(
            409,
            "portal.invoice_number_taken"
        );
        var other = await Clinic.NewClinic();
        var first = await Issues(other, await other.Owner.Adds(other));
        Assert.Equal("1", (await Read(other, first))["number"].GetString());
    }

    [Theory]
    // Once a rate, from the sum of its lines: three times 0.05 of tax would be 0.15.
    [InlineData("AUD", "0.45", 10.0, 3, "1.35", "0.14", "1.49")]
    [InlineData("AUD", "33.33", 12.5, 2, "66.66", "8.33", "74.99")]
    [InlineData("JPY", "105", 10.0, 1, "105", "11", "116")]
    [InlineData("KWD", "0.005", 10.0, 1, "0.005", "0.001", "0.006")]
    [InlineData("AUD", "50.00", 0.0, 1, "50.00", "0.00", "50.00")]
    public async Task Tax_is_on_top_and_rounded_once_a_rate(
        string currency,
        string price,
        double rate,
        int lines,
        string net,
        string tax,
        string total
    )
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group);
        var body = Unnumbered() with
        {
            Currency = currency,
            Lines = [.. Enumerable.Repeat(new Line("Visit", 1, price, rate), lines)],
        };
        var read = await Read(group, (await group.Owner.Api.Post(Invoices(group, patient), body)).Should(201).Id);
        var draft = (
            await group.Owner.Api.Post($"{group.Path}/invoices/price", new { currency, lines = body.Lines })
        ).Should(200);
        foreach (var sum in new[] { read, draft })
        {
            var only = Assert.Single(sum["taxes"].EnumerateArray());
            Assert.Equal(
                (rate, net, tax, net, total),
                (
                    only.GetProperty("rate").GetDouble(),
                    only.GetProperty("net").GetString(),
                    only.GetProperty("tax").GetString(),
                    sum["subtotal"].GetString(),
                    sum["total"].GetString()
                )
            );
        }
    }

    [Fact]
    public async Task Lines_without_tax_count_in_the_total_and_in_no_rate()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group);
        var lines = new[]
        {
            new Line("Visit", 1, "100", 10),
            new Line("Tape", 2, "5", null),
            new Line("Splint", 1, "20", 5),
        };
        var read = await Read(
            group,
            (await group.Owner.Api.Post(Invoices(group, patient), Unnumbered() with { Lines = lines })).Should(201).Id
        );
        Assert.Equal(
            ("130.00", "141.00", "141.00", "issued"),
            (
                read["subtotal"].GetString(),
                read["total"].GetString(),
                read["balance"].GetString(),
                read["status"].GetString()
            )
        );
        Assert.Equal(["20.00", "100.00"], read["taxes"].EnumerateArray().Of("net"));
    }

    [Fact]
    public async Task An_invoice_is_paid_in_parts_up_to_its_balance_and_a_reversed_payment_is_owed_again()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var id = await Issues(group, await group.Owner.Adds(group)); // 110.00
        await Is("issued", "0.00", "110.00");
        var part = await Pays(group, id, "60.00").Made();
        await Is("partlyPaid", "60.00", "50.00");
        (await Pays(group, id, "50.01")).Should(422, "portal.payment_beyond_balance");
        await Pays(group, id, "50").Made();
        await Is("paid", "110.00", "0.00");
        (await Pays(group, id, "0.01")).Should(422, "portal.payment_beyond_balance");
        (await Voids(group, id)).Should(409, "portal.invoice_has_payments");

        (await Reverses(group, id, part)).Should(204);
        (await Reverses(group, id, part)).Should(409, "portal.payment_reversed");
        (await Reverses(group, id, Guid.CreateVersion7())).Should(404);
        await Is("partlyPaid", "50.00", "60.00");
        var payments = (await Read(group, id))["payments"].EnumerateArray().ToList();
        Assert.Equal(["60.00", "50.00"], payments.Of("amount"));
        Assert.Equal(["Bounced", null], payments.Of("reversalReason"));

        foreach (var wrong in new[] { "0", "-1", "1.234", "1,50", "ten", "" })
            (await Pays(group, id, wrong)).ShouldReject("amount");
        (await Pays(group, id, "1", "wampum")).ShouldReject("method");
        (await Pays(group, id, "1", paidOn: $"{DateTime.UtcNow.AddDays(3):yyyy-MM-dd}")).ShouldReject("paidOn");
        (await Reverses(group, id, part, " ")).ShouldReject("reason");
        Assert.Equal(
            [("portal.payment_recorded", 2L), ("portal.payment_reversed", 1L)],
            (
                await app.Owner.Rows(
                    "select act, count(*) from audit.entries where subject_id = $1 and act like '%payment%' group by 1 order by 1",
                    id
                )
            ).Select(row => ((string)row[0]!, (long)row[1]!))
        );

        async Task Is(string status, string paid, string balance)
        {
            var read = await Read(group, id);
            Assert.Equal(
                (status, paid, balance),
                (read["status"].GetString(), read["paid"].GetString(), read["balance"].GetString())
            );
            Assert.Equal([id], await group.Owner.Api.Ids($"{group.Path}/invoices?status={status}"));
            Assert.Equal(
                status == "paid" ? [] : [id],
                await group.Owner.Api.Ids($"{group.Path}/invoices?status=unpaid")
            );
        }
    }

    [Fact]
    public async Task Payments_at_once_never_exceed_the_total()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group);
        await AtOnce.OneWins(201, (422, "portal.payment_beyond_balance"), async () =>
        {
            var id = await Issues(group, patient);
            return [.. Enumerable.Repeat<Func<Task<Answer>>>(() => Pays(group, id, "110.00"), 3)];
        });
        await AtOnce.OneWins(204, (409, "portal.payment_reversed"), async () =>
        {
            var id = await Issues(group, patient);
            var payment = await Pays(group, id, "10").Made();
            return [.. Enumerable.Repeat<Func<Task<Answer>>>(() => Reverses(group, id, payment), 2)];
        });
    }

    [Fact]
    public async Task A_void_invoice_keeps_its_number_and_takes_no_payment()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group);
        var id = await Issues(group, patient);
        (await Voids(group, id, " ")).ShouldReject("reason");
        (await Voids(group, id)).Should(204);
        (await Voids(group, id)).Should(409, "portal.invoice_void");
        (await Pays(group, id, "1")).Should(409, "portal.invoice_void");
        var read = await Read(group, id);
        Assert.Equal(
            ("1", "void", "0.00", "Issued twice", "110.00"),
            (
                read["number"].GetString(),
                read["status"].GetString(),
                read["balance"].GetString(),
                read["voidReason"].GetString(),
                read["total"].GetString()
            )
        );
        Assert.Equal("2", (await Read(group, await Issues(group, patient)))["number"].GetString());
    }

    [Fact]
    public async Task The_list_is_in_order_of_issue_and_filtered_by_status_day_practitioner_and_location()
    {
        var group = await Clinic.NewClinic();
        var (doctor, second) = (await group.Practitioner(), await group.OpensLocation());
        var patient = await group.Owner.Adds(group);
        var march = await Issues(group, patient, Unnumbered() with { IssuedOn = "2026-03-31", DueOn = "2026-04-30" });
        var may = await Issues(
            group,
            patient,
            Unnumbered() with
            {
                IssuedOn = "2026-05-01",
                DueOn = "2026-05-15",
                PractitionerId = doctor.Id,
                LocationId = second,
            }
        );
        var april = await Issues(group, patient, Unnumbered() with { IssuedOn = "2026-04-01", DueOn = "2026-04-30" });
        (await Voids(group, april)).Should(204);
        var path = $"{group.Path}/invoices";
        Assert.Equal([may, april, march], await group.Owner.Api.Ids($"{path}?limit=1"));
        Assert.Equal([april, march], await group.Owner.Api.Ids($"{path}?from=2026-03-31&to=2026-04-30"));
        Assert.Equal([april], await group.Owner.Api.Ids($"{path}?status=void"));
        Assert.Equal([may, march], await group.Owner.Api.Ids($"{path}?status=unpaid&limit=1"));
        Assert.Equal([may], await group.Owner.Api.Ids($"{path}?practitionerId={doctor.Id}"));
        Assert.Equal([april, march], await group.Owner.Api.Ids($"{path}?practitionerId={group.Owner.Id}"));
        Assert.Equal([may], await group.Owner.Api.Ids($"{path}?locationId={second}"));
        (
            await group.Owner.Api.Get($"{path}?from=1.3.26&to=x&status=lost&practitionerId=me&locationId=here")
        ).ShouldReject("from", "locationId", "practitionerId", "status", "to");
    }

    /// <summary>Own or all, at one's own locations, with codes instead of names: as everywhere.</summary>
    [Fact]
    public async Task The_list_shows_what_the_caller_may_see_and_no_more()
    {
        var group = await Clinic.NewClinic();
        var second = await group.OpensLocation();
        var me = await group.Practitioner("personal");
        var here = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true, ["hidePatientNames"] = true },
            locations: group.LocationId
        );
        var patient = await group.Owner.Adds(group, "Secret", locationId: group.LocationId);
        var far = await group.Owner.Adds(group, "Far", locationId: second);
        await group.Owner.Books(group, patient, me.Id);
        var anywhere = await Issues(group, patient);
        var there = await Issues(group, patient, Unnumbered() with { LocationId = second });
        var ofFar = await Issues(group, far);
        var mine = (await me.Api.Post(Invoices(group, patient), Unnumbered())).Should(201).Id;
        var path = $"{group.Path}/invoices";

        Assert.Equal([mine, ofFar, there, anywhere], await group.Owner.Api.Ids(path));
        Assert.Equal([mine], await me.Api.Ids(path));
        Assert.Equal([mine, anywhere], await here.Api.Ids(path));
        foreach (var (person, hidden) in new[] { (me, anywhere), (here, there), (here, ofFar) })
        {
            (await person.Api.Get($"{path}/{hidden}")).Should(404);
            (await Pays(group, hidden, "1", by: person)).Should(404);
            (await Voids(group, hidden, by: person)).Should(404);
        }

        var seen = (await here.Api.Get($"{path}/{mine}")).Should(200);
        Assert.DoesNotContain("Secret", seen.Text, StringComparison.Ordinal);
        Assert.StartsWith("P-", seen["patientCode"].GetString(), StringComparison.Ordinal);
        (await here.Api.Post(Invoices(group, patient), Unnumbered() with { LocationId = second })).Should(
            403,
            "auth.not_allowed"
        );
        (await me.Api.Post(Invoices(group, patient), Unnumbered() with { PractitionerId = group.Owner.Id })).Should(
            403,
            "auth.not_allowed"
        );
        (await group.Owner.Api.Post(Invoices(group, patient), Unnumbered() with { PractitionerId = here.Id })).Should(
            422,
            "portal.unknown_practitioner"
        );
        (await me.Api.Post(Invoices(group, patient), Unnumbered() with { PractitionerId = me.Id })).Should(201);
    }

    private static string Invoices(Group group, Guid patient) => $"{group.Patient(patient)}/invoices";

    private sealed record Line(string Description, double Quantity, string UnitPrice, double? TaxRate);

    private sealed record Body(
        string IssuedOn,
        string DueOn,
        string Currency,
        IReadOnlyList<Line> Lines,
        Guid? PractitionerId = null,
        Guid? LocationId = null
    );

    private static Body Unnumbered(double? taxRate = 10) =>
        new("2026-03-01", "2026-03-15", "AUD", [new("Visit", 1, "100", taxRate)]);

    private static async Task<Guid> Issues(Group group, Guid patient, Body? body = null) =>
        (await group.Owner.Api.Post(Invoices(group, patient), body ?? Unnumbered())).Should(201).Id;

    private static async Task<Answer> Read(Group group, Guid invoice) =>
        (await group.Owner.Api.Get($"{group.Path}/invoices/{invoice}")).Should(200);

    private static Task<Answer> Pays(
        Group group,
        Guid invoice,
        string amount,
        string method = "bankTransfer",
        string paidOn = "2026-03-20",
        Person? by = null
    ) =>
        (by ?? group.Owner).Api.Post(
            $"{group.Path}/invoices/{invoice}/payments",
            new
            {
                amount,
                method,
                paidOn,
            }
        );

    private static Task<Answer> Reverses(Group group, Guid invoice, Guid payment, string reason = "Bounced") =>
        group.Owner.Api.Post($"{group.Path}/invoices/{invoice}/payments/{payment}/reverse", new { reason });

    private static Task<Answer> Voids(Group group, Guid invoice, string reason = "Issued twice", Person? by = null) =>
        (by ?? group.Owner).Api.Post($"{group.Path}/invoices/{invoice}/void", new { reason });
}

internal static class MadeAnswers
{
    public static async Task<Guid> Made(this Task<Answer> answer) => (await answer).Should(201).Id;
}
