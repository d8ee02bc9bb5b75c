using Practice.Time;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>Who has no access, which input is rejected, and what must not happen twice at once.</summary>
public sealed class GuardTests
{
    [Fact]
    public async Task Another_practices_patients_are_never_found()
    {
        var (group, other) = (await Clinic.NewClinic(), await Clinic.NewClinic());
        var ids = await Everything(group);
        foreach (var (method, path) in Calls(group, ids))
            (await other.Owner.Api.Send(method, path, method == HttpMethod.Get ? null : "{}", "*")).Should(
                404,
                "request.not_found"
            );
        foreach (
            var (method, path) in Calls(other, ids)
                .Where(call =>
                    call.Path.Contains($"{ids.Patient}", StringComparison.Ordinal)
                    || call.Path.Contains($"{ids.Request}", StringComparison.Ordinal)
                    || call.Path.Contains($"{ids.Invoice}", StringComparison.Ordinal)
                )
        )
            (await other.Owner.Api.Send(method, path, method == HttpMethod.Get ? null : "{}", "*")).Should(
                404,
                "request.not_found"
            );
        foreach (
            var (method, path) in Calls(group, ids with { Patient = await group.Owner.Adds(group) })
                .Where(call =>
                    call.Path.Contains($"{ids.Appointment}", StringComparison.Ordinal)
                    || call.Path.Contains($"{ids.Record}", StringComparison.Ordinal)
                )
        )
            (await group.Owner.Api.Send(method, path)).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_patient_of_the_same_name_and_email_in_two_practices_stays_apart()
    {
        var (group, other) = (await Clinic.NewClinic(), await Clinic.NewClinic());
        var (here, there) = (
            await group.Owner.Adds(group, email: "jo@patients.test"),
            await other.Owner.Adds(other, email: "jo@patients.test")
        );
        var account = await group.Links(here);
        await (await TestApp.StartedAsync()).Owner.Execute(
            "update portal.patients set account_id = $1 where id = $2",
            account,
            there
        );
        foreach (var (practice, patient) in new[] { (group, here), (other, there) })
        {
            await practice.Owner.Books(practice, patient, (await practice.Practitioner()).Id);
            Assert.Equal([patient], await practice.Owner.Api.Ids($"{practice.Patients()}?search=jo@patients.test"));
            Assert.Single(await practice.Owner.Api.GetAll($"{practice.Patient(patient)}/appointments"));
            Assert.Single(await practice.Owner.Api.GetAll($"{practice.Path}/appointments"));
        }
    }

    [Fact]
    public async Task Nothing_works_without_a_session_and_read_only_members_change_nothing()
    {
        var group = await Clinic.NewClinic();
        var ids = await Everything(group);
        var looking = await group.AddsNewPerson("full", settings: new() { ["readOnly"] = true });
        foreach (var (method, path) in Calls(group, ids))
        {
            (await group.Host.Api.Send(method, path, method == HttpMethod.Get ? null : "{}")).Should(
                401,
                "auth.not_signed_in"
            );
            var answer = await looking.Api.Send(method, path, method == HttpMethod.Get ? null : "{}");
            answer.Should(method == HttpMethod.Get ? 200 : 403, method == HttpMethod.Get ? null : "auth.not_allowed");
        }
    }

    public static TheoryData<string, string, object?, string> Bad() =>
        new()
        {
            { "", "firstName", null, "firstName" },
            { "", "lastName", " ", "lastName" },
            { "", "email", "nobody", "email" },
            { "", "dateOfBirth", null, "dateOfBirth" },
            { "", "dateOfBirth", "2999-01-01", "dateOfBirth" },
            { "", "locationId", "here", "locationId" },
            { "", "colour", "red", "colour" },
            { "", "firstName", "a\0b", "firstName" },
            { "appointments", "startsAt", null, "startsAt" },
            { "appointments", "endsAt", "2020-01-01T00:00:00Z", "endsAt" },
            { "appointments", "endsAt", "2199-01-01T00:00:00Z", "endsAt" },
            { "appointments", "startsAt", "9999-12-31T00:00:00Z", "endsAt startsAt" },
            { "appointments", "practitionerId", null, "practitionerId" },
            { "appointments", "reason", "\u0007", "reason" },
            { "invoices", "number", "", "number" },
            { "invoices", "dueOn", "2026-02-28", "dueOn" },
            { "invoices", "currency", "XXX", "currency" },
            { "invoices", "currency", "aud", "currency" },
            { "invoices", "lines", null, "lines" },
            { "invoices", "lines", Array.Empty<object>(), "lines" },
            { "invoices", "lines", new object?[] { null }, "lines[0]" },
            { "invoices", "lines", Line(0, "1"), "lines[0].quantity" },
            { "invoices", "lines", Line(1.0001, "1"), "lines[0].quantity" },
            { "invoices", "lines", Line("1", "1"), "lines[0].quantity" },
            { "invoices", "lines", Line(1, "1.234"), "lines[0].unitPrice" },
            { "invoices", "lines", Line(1, "-1"), "lines[0].unitPrice" },
            { "invoices", "lines", Line(1, "12345678901"), "lines[0].unitPrice" },
            { "invoices", "lines", Line(1, 12.5), "lines[0].unitPrice" },
            { "invoices", "lines", Line(1, "1", -0.01), "lines[0].taxRate" },
            { "invoices", "lines", Line(1, "1", 100.01), "lines[0].taxRate" },
            { "invoices", "lines", Line(1, "1", 8.125), "lines[0].taxRate" },
            { "invoices", "lines", Enumerable.Repeat(Line(1, "1")[0], 101).ToArray(), "lines" },
            { "clinical-records", "kind", "poem", "kind" },
            { "clinical-records", "title", null, "title" },
            { "clinical-records", "body", new string('x', 20_001), "body" },
            { "clinical-records", "body", "a\0b", "body" },
            { "clinical-records", "recordedAt", null, "recordedAt" },
            { "clinical-records", "recordedAt", DateTimeOffset.UtcNow.AddYears(9), "recordedAt" },
            // Instants without an offset would have this machine's; dates have one form.
            { "", "dateOfBirth", "12/04/1985", "dateOfBirth" },
            { "", "dateOfBirth", "1985-04-12T00:00:00Z", "dateOfBirth" },
            { "appointments", "startsAt", "2027-03-05T09:00:00", "startsAt" },
            { "appointments", "startsAt", "2027-03-05", "startsAt" },
            { "appointments", "startsAt", 1_804_150_800, "startsAt" },
            { "appointments", "endsAt", "12:00", "endsAt" },
            { "invoices", "issuedOn", "01/03/2027", "issuedOn" },
            { "invoices", "dueOn", "March 2027", "dueOn" },
            { "clinical-records", "recordedAt", "2026-03-01 10:00", "recordedAt" },
            { "invite", "guardianUntil", "31.12.2027", "guardianUntil" },
            // Minor units.
            { "invoices", "currency", "JPY", "lines[0].unitPrice" },
            { "invoices", "lines", Line(1, "9,50"), "lines[0].unitPrice" },
            { "invite", "guardianEmail", "nobody", "guardianEmail" },
            { "invite", "guardianUntil", "2090-01-01", "guardianUntil" },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task An_invalid_field_is_named(string what, string field, object? value, string named)
    {
        var (group, patient) = await Shared.Value;
        var body = what switch
        {
            "" => Clinic.Patient(),
            "appointments" => Clinic.Appointment(Guid.CreateVersion7(), group.LocationId),
            "invoices" => Clinic.Invoice(),
            "clinical-records" => Clinic.Record(),
            _ => [],
        };
        body[field] = value;
        (
            await group.Owner.Api.Post(what.Length == 0 ? group.Patients() : $"{group.Patient(patient)}/{what}", body)
        ).ShouldReject(named.Split(' '));
    }

    [Fact]
    public async Task A_wrong_form_is_answered_with_the_right_one()
    {
        var (group, patient) = await Shared.Value;
        Assert.Equal(IsoTime.InstantForm, await Says("appointments", "startsAt", "2027-03-05T09:00:00"));
        Assert.Equal(IsoTime.DayForm, await Says("invoices", "issuedOn", "01/03/2027"));

        async Task<string> Says(string what, string field, string value)
        {
            var answer = await group.Owner.Api.Post(
                $"{group.Patient(patient)}/{what}",
                new Dictionary<string, object?> { [field] = value }
            );
            return Assert.Single(answer.Should(400).ErrorsOf(field));
        }
    }

    /// <summary>What the draft comes to is what is issued, in currencies of two, no, three and four decimals.</summary>
    [Theory]
    [InlineData("AUD", "33.33", 1.5, "50.00", "100.00")]
    [InlineData("JPY", "25", 0.5, "13", "26")]
    [InlineData("KWD", "1.125", 0.5, "0.563", "1.126")]
    [InlineData("CLF", "1.1255", 0.5, "0.5628", "1.1256")]
    public async Task A_draft_comes_to_what_is_issued(
        string currency,
        string price,
        double quantity,
        string amount,
        string total
    )
    {
        var (group, patient) = await Shared.Value;
        var (invoice, lines) = (Clinic.Invoice($"{currency}-1"), Enumerable.Repeat(Line(quantity, price)[0], 2));
        var draft = await group.Owner.Api.Post($"{group.Path}/invoices/price", new { currency, lines });
        (invoice["currency"], invoice["lines"]) = (currency, lines);
        var id = (await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", invoice)).Should(201).Id;
        var issued = (await group.Owner.Api.GetAll($"{group.Patient(patient)}/invoices")).Single(one =>
            one.GetProperty("id").GetGuid() == id
        );
        Assert.Equal([amount, amount], draft.Should(200)["amounts"].EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(total, draft["total"].GetString());
        Assert.Equal(total, issued.GetProperty("total").GetString());
        Assert.Equal(price, issued.GetProperty("lines")[1].GetProperty("unitPrice").GetString());
    }

    [Fact]
    public async Task An_invoice_too_large_to_store_exactly_is_rejected()
    {
        var (group, patient) = await Shared.Value;
        var body = Clinic.Invoice("LARGEST");
        body["lines"] = Enumerable.Repeat(Line(100_000, "9999999999.99")[0], 100).ToArray();
        var answer = await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", body);
        answer.ShouldReject("lines");
    }

    [Fact]
    public async Task Only_one_of_two_invoices_at_once_gets_a_number()
    {
        var (group, patient) = await Shared.Value;
        var round = 0;
        await AtOnce.OneWins(201, (409, "portal.invoice_number_taken"), () =>
        {
            var number = $"AT-ONCE-{round++}";
            Func<Task<Answer>> issue = () =>
                group.Owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice(number));
            return Task.FromResult<Func<Task<Answer>>[]>([issue, issue]);
        });
    }

    [Fact]
    public async Task A_request_is_answered_once_and_books_one_appointment()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var (doctor, patient) = (await group.Practitioner(), await group.Owner.Adds(group));
        // Every round asks for another day: a slot that an earlier round booked is refused for another reason.
        var day = 2;
        await AtOnce.OneWins(204, (409, "portal.request_not_open"), async () =>
        {
            var request = await group.Sent(
                patient,
                practitionerId: doctor.Id,
                locationId: group.LocationId,
                startsAt: Clinic.In(day++)
            );
            return
            [
                () => group.Owner.Answers(group, request, "confirm"),
                () => doctor.Answers(group, request, "confirm"),
                () => group.Owner.Answers(group, request, "decline"),
            ];
        });
        Assert.Equal(
            await app.Owner.Scalar<long>(
                "select count(*) from portal.requests where group_id = $1 and status = 'Confirmed'",
                group.Id
            ),
            await app.Owner.Scalar<long>("select count(*) from portal.appointments where group_id = $1", group.Id)
        );
    }

    [Fact]
    public async Task Only_one_of_two_invitations_at_once_is_sent()
    {
        var group = await Clinic.NewClinic();
        await AtOnce.OneWins(202, (429, "portal.invited_just_now"), async () =>
        {
            var patient = await group.Owner.Adds(group, email: People.NewEmail());
            Func<Task<Answer>> invite = () => group.Owner.Api.Post($"{group.Patient(patient)}/invite");
            return [invite, invite];
        });
    }

    private static readonly Lazy<Task<(Group Group, Guid Patient)>> Shared = new(async () =>
    {
        var group = await Clinic.NewClinic();
        return (group, await group.Owner.Adds(group));
    });

    private static object[] Line(object quantity, object unitPrice, double? taxRate = null) =>
        [
            new
            {
                description = "Visit",
                quantity,
                unitPrice,
                taxRate,
            },
        ];

    private sealed record Ids(Guid Patient, Guid Appointment, Guid Record, Guid Request, Guid Invoice);

    private static async Task<Ids> Everything(Group group)
    {
        var patient = await group.Owner.Adds(group);
        return new Ids(
            patient,
            await group.Owner.Books(group, patient, (await group.Practitioner()).Id),
            (await group.Owner.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record())).Should(201).Id,
            await group.Sent(patient),
            (await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice())).Should(201).Id
        );
    }

    private static (HttpMethod Method, string Path)[] Calls(Group group, Ids ids) =>
        [
            (HttpMethod.Get, group.Patients()),
            (HttpMethod.Post, group.Patients()),
            (HttpMethod.Get, group.Patient(ids.Patient)),
            (HttpMethod.Put, group.Patient(ids.Patient)),
            (HttpMethod.Post, $"{group.Patient(ids.Patient)}/invite"),
            (HttpMethod.Get, $"{group.Patient(ids.Patient)}/appointments"),
            (HttpMethod.Post, $"{group.Patient(ids.Patient)}/appointments"),
            (HttpMethod.Post, $"{group.Patient(ids.Patient)}/appointments/{ids.Appointment}/cancel"),
            (HttpMethod.Get, $"{group.Patient(ids.Patient)}/invoices"),
            (HttpMethod.Post, $"{group.Patient(ids.Patient)}/invoices"),
            (HttpMethod.Get, $"{group.Patient(ids.Patient)}/clinical-records"),
            (HttpMethod.Post, $"{group.Patient(ids.Patient)}/clinical-records"),
            (HttpMethod.Get, $"{group.Patient(ids.Patient)}/clinical-records/{ids.Record}"),
            (HttpMethod.Get, $"{group.Path}/appointments"),
            (HttpMethod.Get, $"{group.Path}/invoices"),
            (HttpMethod.Get, $"{group.Path}/invoices/{ids.Invoice}"),
            (HttpMethod.Post, $"{group.Path}/invoices/{ids.Invoice}/payments"),
            (HttpMethod.Post, $"{group.Path}/invoices/{ids.Invoice}/void"),
            (HttpMethod.Get, $"{group.Path}/requests"),
            (HttpMethod.Post, $"{group.Path}/requests/{ids.Request}/confirm"),
            (HttpMethod.Post, $"{group.Path}/requests/{ids.Request}/decline"),
        ];
}
