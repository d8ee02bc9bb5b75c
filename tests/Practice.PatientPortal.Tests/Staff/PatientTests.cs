using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What staff enter about patients: the rules of each call, two practices, and two people at once.</summary>
public sealed class PatientTests
{
    [Fact]
    public async Task A_patient_is_changed_as_read_and_keeps_the_date_of_birth_once_linked()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.AddsPatient(email: holder.Email);
        var path = $"{clinic.Path}/patients/{patient}";
        var read = (await clinic.Api.Get(path)).Should(200);
        Assert.Equal("none", read["portal"].GetString());
        var body = new { firstName = "New", lastName = "Name", email = holder.Email, dateOfBirth = Holders.Born };
        (await clinic.Api.Put(path, body)).Should(428, "request.version_required");
        (await clinic.Api.Put(path, body, read.ETag)).Should(204);
        (await clinic.Api.Put(path, body, read.ETag)).Should(412, "request.version_changed");

        var token = await clinic.Invites(patient, holder.Email);
        Assert.Equal("invited", (await clinic.Api.Get(path))["portal"].GetString());
        (await clinic.Api.Post($"{path}/invite")).Should(429, "portal.invited_just_now");
        (await holder.Api.Post("/api/portal/claims", new { token })).Should(204);
        (await clinic.Api.Put(path, new { firstName = "New", lastName = "Name", dateOfBirth = "1999-01-01" }, "*")).Should(409, "portal.patient_linked");
        (await clinic.Api.Put(path, body, "*")).Should(204);
        Assert.Equal(["portal.invitation_claimed", "portal.patient_added", "portal.patient_changed", "portal.patient_changed", "portal.patient_invited", "portal.patient_opened", "portal.patient_opened"],
            (await clinic.Api.Get($"{clinic.Path}/audit?subjectId={patient}")).Items.Select(item => item.GetProperty("act").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_id_of_another_practice_is_a_404_always()
    {
        var app = await TestApp.StartedAsync();
        var (mine, theirs) = (await Clinic.New(app), await Clinic.New(app));
        var patient = await theirs.AddsPatient();
        var (appointment, _, record) = await theirs.AddsRecords(patient);
        var own = await mine.AddsPatient();
        foreach (var path in new[] { $"/patients/{patient}", $"/patients/{patient}/appointments", $"/patients/{patient}/invoices", $"/patients/{patient}/clinical-records", $"/patients/{own}/clinical-records/{record}" })
        {
            (await mine.Api.Get(mine.Path + path)).Should(404);
            (await mine.Api.Get(theirs.Path + path)).Should(404);
        }

        (await mine.Api.Post($"{mine.Path}/patients/{own}/appointments/{appointment}/cancel")).Should(404);
        (await mine.Api.Post($"{mine.Path}/patients/{patient}/invite")).Should(404);
        (await mine.Api.Put($"{mine.Path}/patients/{patient}", new { firstName = "A", lastName = "B", dateOfBirth = Holders.Born }, "*")).Should(404);
        (await mine.Api.Post($"{mine.Path}/requests/{Guid.CreateVersion7()}/confirm")).Should(404);
        var starts = DateTimeOffset.UtcNow.AddDays(1);
        (await mine.Api.Post($"{mine.Path}/patients/{own}/appointments", new { startsAt = starts, endsAt = starts.AddHours(1), practitionerId = theirs.Practitioner.Id, locationId = mine.Group.LocationId }))
            .Should(422, "portal.unknown_practitioner");
        (await mine.Api.Post($"{mine.Path}/patients/{own}/appointments", new { startsAt = starts, endsAt = starts.AddHours(1), practitionerId = mine.Practitioner.Id, locationId = theirs.Group.LocationId }))
            .Should(422, "locations.unknown_location");
    }

    [Fact]
    public async Task What_is_not_right_is_named()
    {
        var clinic = await Clinic.New(await TestApp.StartedAsync());
        var patient = $"{clinic.Path}/patients/{await clinic.AddsPatient()}";
        (await clinic.Api.Post($"{clinic.Path}/patients", new { })).ShouldRefuse("firstName", "lastName", "dateOfBirth");
        (await clinic.Api.Post($"{clinic.Path}/patients", new { firstName = "A", lastName = "B", dateOfBirth = "2999-01-01", email = "no" })).ShouldRefuse("dateOfBirth", "email");
        (await clinic.Api.Post($"{patient}/appointments", new { })).ShouldRefuse("startsAt", "endsAt", "practitionerId", "locationId");
        var starts = DateTimeOffset.UtcNow;
        (await clinic.Api.Post($"{patient}/appointments", new { startsAt = starts, endsAt = starts.AddHours(-1), practitionerId = clinic.Practitioner.Id, locationId = clinic.Group.LocationId })).ShouldRefuse("endsAt");
        (await clinic.Api.Post($"{patient}/clinical-records", new { kind = "poem", title = "T", body = "B", recordedAt = "2026-11-01T10:00:00Z" })).ShouldRefuse("kind");
        (await clinic.Api.Post($"{patient}/clinical-records", new { kind = "note" })).ShouldRefuse("title", "body", "recordedAt");
        (await clinic.Api.Post($"{patient}/invoices", new { number = "1", issuedOn = "2026-11-02", dueOn = "2026-11-01", currency = "XXX", lines = Array.Empty<object>() })).ShouldRefuse("dueOn", "currency", "lines");
        foreach (var price in new[] { "1,50", "1.505", "-1", "", "1e3", "99999999999" })
        {
            (await clinic.Api.Post($"{patient}/invoices", new { number = "1", issuedOn = "2026-11-01", dueOn = "2026-11-01", currency = "AUD", lines = new[] { new { description = "D", quantity = 1, unitPrice = price } } }))
                .ShouldRefuse("lines[0].unitPrice");
        }

        (await clinic.Api.Post($"{patient}/invite")).Should(422, "portal.email_missing");
        (await clinic.Api.Post($"{patient}/invite", new { guardianEmail = "no" })).ShouldRefuse("guardianEmail");
        (await clinic.Api.Post($"{patient}/invite", new { guardianUntil = "2030-01-01" })).ShouldRefuse("guardianUntil");
        (await clinic.Api.Get($"{clinic.Path}/appointments?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z")).ShouldRefuse("to");
        (await clinic.Api.Get($"{clinic.Path}/requests?kind=any&status=some")).ShouldRefuse("kind", "status");
    }

    [Fact]
    public async Task The_calendar_shows_appointments_by_day_person_and_location()
    {
        var clinic = await Clinic.New(await TestApp.StartedAsync());
        var patient = await clinic.AddsPatient();
        var (soon, late) = ((await clinic.AddsRecords(patient, days: 1)).Appointment, (await clinic.AddsRecords(patient, days: 20)).Appointment);
        Assert.Equal([soon], await Shown(""));
        Assert.Equal([soon, late], await Shown($"?from={Moment(0)}&to={Moment(30)}"));
        Assert.Equal([late], await Shown($"?from={Moment(10)}&to={Moment(30)}&practitionerId={clinic.Practitioner.Id}&locationId={clinic.Group.LocationId}"));
        Assert.Empty(await Shown($"?from={Moment(0)}&to={Moment(30)}&practitionerId={Guid.CreateVersion7()}"));
        Assert.Equal([soon, late], (await clinic.Api.GetAll($"{clinic.Path}/appointments?from={Moment(0)}&to={Moment(30)}&limit=1")).Select(item => item.GetProperty("id").GetGuid()));

        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/appointments/{soon}/cancel")).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/appointments/{soon}/cancel")).Should(409, "portal.appointment_not_open");

        static string Moment(int days) => Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(days).ToString("O"));

        async Task<IEnumerable<Guid>> Shown(string query) => (await clinic.Api.Get($"{clinic.Path}/appointments{query}")).Should(200).Items.Select(item => item.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task An_invoice_number_is_given_once_also_to_two_at_once()
    {
        var clinic = await Clinic.New(await TestApp.StartedAsync());
        var patient = await clinic.AddsPatient();
        var round = 0;
        await AtOnce.OneWins(201, (409, "portal.invoice_number_taken"), () =>
        {
            var number = $"N{++round}";
            Task<Answer> Issue() => clinic.Api.Post($"{clinic.Path}/patients/{patient}/invoices", new
            {
                number,
                issuedOn = "2026-11-01",
                dueOn = "2026-11-01",
                currency = "AUD",
                lines = new[] { new { description = "D", quantity = 1, unitPrice = "1" } },
            });
            return Task.FromResult<Func<Task<Answer>>[]>([Issue, Issue]);
        });
    }

    [Fact]
    public async Task A_request_answered_by_two_at_once_is_answered_once()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        await clinic.Links(holder);
        await AtOnce.OneWins(204, (409, "portal.request_not_open"), async () =>
        {
            var id = (await holder.Api.Post($"{holder.Path}/appointments", new { startsAt = DateTimeOffset.UtcNow.AddDays(9), practitionerId = clinic.Practitioner.Id, locationId = clinic.Group.LocationId })).Should(201).Id;
            return [() => clinic.Api.Post($"{clinic.Path}/requests/{id}/confirm"), () => clinic.Api.Post($"{clinic.Path}/requests/{id}/confirm"), () => clinic.Api.Post($"{clinic.Path}/requests/{id}/decline")];
        });
        var confirmed = (await clinic.Api.GetAll($"{clinic.Path}/requests?status=confirmed")).Count;
        Assert.Equal(confirmed, (await holder.Api.GetAll($"{holder.Path}/appointments")).Count);
    }
}
