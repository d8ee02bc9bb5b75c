using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>What an account shows and accepts, by role and level, and the access log of it.</summary>
public sealed class RecordTests
{
    private const string ClinicalWord = "clinicalword";

    [Fact]
    public async Task A_person_with_administrative_access_finds_no_clinical_word_on_any_route()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var (appointment, _, record) = await clinic.AddsRecords(patient);
        (await holder.Api.Post($"{holder.Path}/health-notes", new { text = $"{ClinicalWord} note" })).Should(201);
        (
            await holder.Api.Post(
                $"{holder.Path}/appointments",
                new { startsAt = DateTimeOffset.UtcNow.AddDays(9), reason = $"{ClinicalWord} wish" }
            )
        ).Should(201);
        var grant = await holder.GivesAccess(other, "edit", "administrative");

        var document = (await app.Api.Get("/openapi/v1.json")).Should(200)["paths"];
        var tried = 0;
        foreach (
            var path in document
                .EnumerateObject()
                .Where(path => path.Name.StartsWith("/api/portal", StringComparison.Ordinal))
        )
        {
            foreach (
                var operation in path
                    .Value.EnumerateObject()
                    .Where(operation => operation.Name is "get" or "put" or "post" or "delete")
            )
            {
                foreach (
                    var id in path.Name.Contains("appointmentId", StringComparison.Ordinal)
                    || path.Name.Contains("recordId", StringComparison.Ordinal)
                        ? new[] { record, Guid.CreateVersion7() }
                        : [grant]
                )
                {
                    if (operation.Name == "delete")
                        continue;
                    var url = path
                        .Name.Replace("{accountId}", $"{holder.AccountId}", StringComparison.Ordinal)
                        .Replace("{recordId}", $"{id}", StringComparison.Ordinal)
                        .Replace("{appointmentId}", $"{id}", StringComparison.Ordinal)
                        .Replace("{grantId}", $"{grant}", StringComparison.Ordinal);
                    var answer = await other.Api.Send(
                        new HttpMethod(operation.Name.ToUpperInvariant()),
                        url,
                        operation.Name == "get" ? null : "{}",
                        operation.Name == "put" ? "*" : null
                    );
                    Assert.DoesNotContain(ClinicalWord, answer.ToString(), StringComparison.OrdinalIgnoreCase);
                    Assert.True(answer.Status < 500, $"{answer}");
                    tried++;
                }
            }
        }

        Assert.True(tried >= 25, $"only {tried} calls");
        // Existing and missing records get the same error.
        var (there, not) = (
            await other.Api.Get($"{holder.Path}/clinical-records/{record}"),
            await other.Api.Get($"{holder.Path}/clinical-records/{Guid.CreateVersion7()}")
        );
        Assert.Equal(there.Should(403, "portal.clinical_not_granted").Code, not.Code);
        Assert.Equal(there["detail"].GetString(), not["detail"].GetString());
        (await other.Api.Post($"{holder.Path}/health-notes", new { text = "a note" })).Should(
            403,
            "portal.clinical_not_granted"
        );
        var seen = (await other.Api.Get($"{holder.Path}/appointments")).Items.Single(item =>
            item.GetProperty("id").GetGuid() == appointment
        );
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("reason").ValueKind);

        (await holder.Decides(grant, "current", "edit", "clinical")).Should(204);
        Assert.Contains(
            ClinicalWord,
            (await other.Api.Get($"{holder.Path}/clinical-records/{record}")).Should(200).Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            ClinicalWord,
            (await other.Api.Get($"{holder.Path}/appointments")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task View_access_changes_nothing()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var (appointment, _, _) = await clinic.AddsRecords(await clinic.Links(holder));
        await holder.GivesAccess(other, "view", "clinical");
        (await other.Api.Put($"{holder.Path}/details", new { phone = "0400 000 001" }, "*")).Should(
            403,
            "portal.view_only"
        );
        (
            await other.Api.Post($"{holder.Path}/appointments", new { startsAt = DateTimeOffset.UtcNow.AddDays(9) })
        ).Should(403, "portal.view_only");
        (await other.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(403, "portal.view_only");
        (await other.Api.Post($"{holder.Path}/health-notes", new { text = "a note" })).Should(403, "portal.view_only");
        (await other.Api.Get($"{holder.Path}/clinical-records")).Should(200);
    }

    [Fact]
    public async Task A_request_names_an_active_location_and_practitioner_of_its_practice_or_none()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, other, holder) = (await Clinic.New(app), await Clinic.New(app), await app.NewHolder());
        await clinic.Links(holder);
        var reception = await clinic.Group.AddsNewPerson("reception", locations: clinic.Group.LocationId);
        var gone = await clinic.Group.AddsNewPerson("clinical", "practitioner", null, clinic.Group.LocationId);
        (await clinic.Api.Post($"{clinic.Path}/members/{gone.Id}/deactivate")).Should(204);
        var closed = (
            await clinic.Api.Post($"{clinic.Path}/locations", new { name = "Old", timeZone = "Australia/Melbourne" })
        )
            .Should(201)
            .Id;
        (await clinic.Api.Post($"{clinic.Path}/locations/{closed}/archive")).Should(204);

        foreach (var stranger in new[] { other.Practitioner.Id, reception.Id, gone.Id, Guid.CreateVersion7() })
            (await Asks(stranger, clinic.Group.LocationId)).Should(422, "portal.unknown_practitioner");
        foreach (var elsewhere in new[] { other.Group.LocationId, Guid.CreateVersion7() })
            (await Asks(clinic.Practitioner.Id, elsewhere)).Should(422, "locations.unknown_location");
        (await Asks(null, closed)).Should(422, "locations.archived");
        Assert.Empty((await clinic.Api.Get($"{clinic.Path}/requests")).Items);
        (await Asks(clinic.Practitioner.Id, clinic.Group.LocationId)).Should(201);
        (await Asks(null, clinic.Group.LocationId)).Should(201);
        (await Asks(clinic.Practitioner.Id, null)).Should(201);
        (await Asks(null, null)).Should(201);

        Task<Answer> Asks(Guid? practitionerId, Guid? locationId) =>
            holder.Api.Post(
                $"{holder.Path}/appointments",
                new
                {
                    startsAt = DateTimeOffset.UtcNow.AddDays(9),
                    practitionerId,
                    locationId,
                }
            );
    }

    [Fact]
    public async Task Changes_with_edit_access_reach_the_practice_with_their_sender_and_account()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var (appointment, _, _) = await clinic.AddsRecords(await clinic.Links(holder));
        await holder.GivesAccess(other, "edit", "clinical");
        (
            await other.Api.Put(
                $"{holder.Path}/details",
                new { phone = "0400 000 000", address = "1 New Street" },
                (await other.Api.Get(holder.Path)).ETag
            )
        ).Should(204);
        (
            await other.Api.Put(
                $"{holder.Path}/details",
                new { phone = "0400 000 001", timeZone = "Europe/Paris" },
                "*"
            )
        ).Should(403, "portal.not_the_holder");
        (await other.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(204);
        (await other.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(
            409,
            "portal.appointment_not_open"
        );
        var note = (await other.Api.Post($"{holder.Path}/health-notes", new { text = "Sleeps badly." })).Should(201).Id;
        var wish = (
            await other.Api.Post(
                $"{holder.Path}/appointments",
                new
                {
                    startsAt = DateTimeOffset.UtcNow.AddDays(9),
                    practitionerId = clinic.Practitioner.Id,
                    locationId = clinic.Group.LocationId,
                    reason = "Sleep",
                }
            )
        ).Should(201).Id;

        var requests = (await clinic.Api.Get($"{clinic.Path}/requests")).Should(200).Items;
        Assert.Equal(
            ["appointment", "cancellation", "contactDetails", "healthNote"],
            requests.Select(item => item.GetProperty("kind").GetString()).Order(StringComparer.Ordinal)
        );
        Assert.All(requests, item =>
            Assert.Equal(
                (
                    $"{other.Person.FirstName} {other.Person.LastName}",
                    $"{holder.Person.FirstName} {holder.Person.LastName}"
                ),
                (item.GetProperty("sentByName").GetString(), item.GetProperty("actingFor").GetString())
            )
        );
        Assert.Equal(
            "Australia/Melbourne",
            requests.Single(item => item.GetProperty("id").GetGuid() == wish).GetProperty("timeZone").GetString()
        );
        (await clinic.Api.Post($"{clinic.Path}/requests/{wish}/confirm")).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/requests/{wish}/decline")).Should(409, "portal.request_not_open");
        (await clinic.Api.Post($"{clinic.Path}/requests/{note}/confirm")).Should(204);

        var answered = (await holder.Api.Get($"{holder.Path}/appointment-requests")).Items.Single();
        Assert.Equal("confirmed", answered.GetProperty("status").GetString());
        Assert.Contains((await holder.Api.Get($"{holder.Path}/appointments")).Items, item =>
            item.GetProperty("id").GetGuid() == answered.GetProperty("appointmentId").GetGuid()
        );
        Assert.Equal(
            "cancelled",
            (await holder.Api.Get($"{holder.Path}/appointments"))
                .Items.Single(item => item.GetProperty("id").GetGuid() == appointment)
                .GetProperty("status")
                .GetString()
        );
    }

    [Fact]
    public async Task A_cancelled_request_cannot_be_confirmed()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        (
            await holder.Api.Post($"{holder.Path}/appointments", new { startsAt = DateTimeOffset.UtcNow.AddDays(9) })
        ).Should(422, "portal.not_a_patient_there");
        await clinic.Links(holder);
        (
            await holder.Api.Post($"{holder.Path}/appointments", new { startsAt = DateTimeOffset.UtcNow.AddDays(-1) })
        ).ShouldReject("startsAt");
        var wish = (
            await holder.Api.Post($"{holder.Path}/appointments", new { startsAt = DateTimeOffset.UtcNow.AddDays(9) })
        )
            .Should(201)
            .Id;
        (await clinic.Api.Post($"{clinic.Path}/requests/{wish}/confirm")).Should(422, "portal.appointment_incomplete");
        (await holder.Api.Post($"{holder.Path}/appointments/{wish}/cancel")).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/requests/{wish}/decline")).Should(409, "portal.request_not_open");
    }

    [Fact]
    public async Task The_holder_sees_who_opened_what_when_and_under_which_grant()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var (_, _, record) = await clinic.AddsRecords(patient);
        var grant = await holder.GivesAccess(other, "view", "clinical");
        (await other.Api.Get($"{holder.Path}/clinical-records/{record}")).Should(200);
        (await clinic.Api.Get($"{clinic.Path}/patients/{patient}/clinical-records")).Should(200);

        var entries = await holder.Api.GetAll($"{holder.Path}/access-log");
        var granted = entries.Single(item => item.GetProperty("authority").GetString() == "grant");
        Assert.Equal(
            (other.Person.Id, "clinicalRecord", record, grant),
            (
                granted.GetProperty("userId").GetGuid(),
                granted.GetProperty("opened").GetString(),
                granted.GetProperty("subjectId").GetGuid(),
                granted.GetProperty("grantId").GetGuid()
            )
        );
        var staff = entries.First(item => item.GetProperty("authority").GetString() == "staff");
        Assert.Equal(
            (clinic.Practitioner.Id, clinic.Group.Name),
            (staff.GetProperty("userId").GetGuid(), staff.GetProperty("practice").GetString())
        );
        (await clinic.Api.Get($"{holder.Path}/access-log")).Should(404); // membership of staff opens no portal account
    }

    [Fact]
    public async Task Every_access_and_change_by_another_person_is_logged()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var (appointment, _, record) = await clinic.AddsRecords(await clinic.Links(holder));
        var grant = await holder.GivesAccess(other, "edit", "clinical");
        foreach (
            var look in new[]
            {
                "",
                "/appointments",
                "/invoices",
                "/appointment-requests",
                "/clinical-records",
                $"/clinical-records/{record}",
                "/health-notes",
            }
        )
            (await other.Api.Get(holder.Path + look)).Should(200);
        (await other.Api.Put($"{holder.Path}/details", new { phone = "0400 000 002" }, "*")).Should(204);
        (
            await other.Api.Post($"{holder.Path}/appointments", new { startsAt = DateTimeOffset.UtcNow.AddDays(9) })
        ).Should(201);
        (await other.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(204);
        (await other.Api.Post($"{holder.Path}/health-notes", new { text = "A note" })).Should(201);
        // nothing happened, so nothing is logged
        (await other.Api.Post($"{holder.Path}/appointments/{Guid.CreateVersion7()}/cancel")).Should(404);

        var entries = (await holder.Api.GetAll($"{holder.Path}/access-log"))
            .Where(entry => entry.GetProperty("userId").GetGuid() == other.Person.Id)
            .ToList();
        Assert.All(entries, entry =>
            Assert.Equal(
                (grant, "grant", $"{other.Person.FirstName} {other.Person.LastName}"),
                (
                    entry.GetProperty("grantId").GetGuid(),
                    entry.GetProperty("authority").GetString(),
                    entry.GetProperty("name").GetString()
                )
            )
        );
        Assert.Equal(
            [
                "profile",
                "appointments",
                "invoices",
                "appointmentRequests",
                "clinicalRecords",
                "clinicalRecord",
                "healthNotes",
                "detailsChanged",
                "appointmentRequested",
                "appointmentCancelled",
                "healthNoteAdded",
            ],
            entries.Select(entry => entry.GetProperty("opened").GetString()).Reverse()
        );
    }

    [Fact]
    public async Task Edit_access_does_not_cover_claims_dependants_or_other_accounts()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        await holder.GivesAccess(other, "edit", "clinical");
        var child = await holder.AddsDependant("2019-05-01");
        var patient = await clinic.AddsPatient("2019-05-01", other.Email);
        var token = await clinic.Invites(patient, other.Email);
        foreach (var account in new[] { holder.AccountId, child.AccountId, Guid.CreateVersion7() })
            (await other.Api.Post("/api/portal/claims", new { token, accountId = account })).Should(
                404,
                "request.not_found"
            );
        (await other.Api.Get(child.Path)).Should(404);
        (
            await other.Api.Put(
                $"{holder.Path}/details",
                new { phone = "0400 000 001", email = "mine@practice.test" },
                "*"
            )
        ).ShouldReject("email");
        (
            await other.Api.Put($"{holder.Path}/details", new { phone = "0400 000 001", userId = other.Person.Id }, "*")
        ).ShouldReject("userId");
    }

    [Fact]
    public async Task An_idempotency_key_opens_nothing_that_was_revoked_since()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        await clinic.Links(holder);
        var grant = await holder.GivesAccess(other, "edit", "clinical");
        var keyed = other.Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}");
        var note = (await keyed.Post($"{holder.Path}/health-notes", new { text = "A note" })).Should(201).Id;
        Assert.Equal(note, (await keyed.Post($"{holder.Path}/health-notes", new { text = "A note" })).Should(201).Id);
        (await holder.Decides(grant, "disabled")).Should(204);
        foreach (var text in (string[])["A note", "Another"]) // neither the stored answer nor that the key was used
            (await keyed.Post($"{holder.Path}/health-notes", new { text })).Should(403, "portal.grant_not_current");
        (
            await other
                .Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}")
                .Post($"{holder.Path}/health-notes", new { text = "A note" })
        ).Should(403, "portal.grant_not_current");
        Assert.Single((await holder.Api.Get($"{holder.Path}/health-notes")).Items);
    }

    [Fact]
    public async Task Staff_membership_and_a_persons_own_portal_account_are_independent()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app);
        var own = await clinic.Practitioner.OpensAccount();
        var holder = await app.NewHolder();
        var patient = await clinic.Links(holder);
        await clinic.AddsRecords(patient);
        Assert.Empty((await own.Api.Get($"{own.Path}/clinical-records")).Items);
        (await own.Api.Get(holder.Path)).Should(404);
        (await holder.Api.Get($"{clinic.Path}/patients")).Should(404);
    }

    [Fact]
    public async Task A_renamed_practice_has_its_new_name_in_the_portal()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        await clinic.Links(holder);
        (
            await clinic.Group.Owner.Api.Change(
                clinic.Path,
                new
                {
                    name = "New Name",
                    reminders = new { enabled = true, hoursBefore = 24 },
                    invoices = new { currency = "AUD", dueAfterDays = 14 },
                }
            )
        ).Should(204);
        await Eventually.Is(async () =>
            (await holder.Api.Get(holder.Path))["practices"][0].GetProperty("name").GetString() == "New Name"
        );
    }

    [Fact]
    public async Task Upcoming_appointments_are_booked_and_not_over_the_next_one_first_in_their_locations_time_zone()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var west = (
            await clinic.Api.Post($"{clinic.Path}/locations", new { name = "West", timeZone = "Australia/Perth" })
        )
            .Should(201)
            .Id;
        (
            await clinic.Api.Change(
                $"{clinic.Path}/locations/{west}/members",
                new { userIds = new[] { clinic.Practitioner.Id } }
            )
        ).Should(204);
        var (third, first, second, off) = (await Books(9, west), await Books(2), await Books(5), await Books(4));
        (await holder.Api.Post($"{holder.Path}/appointments/{off}/cancel")).Should(204);

        var upcoming = (await holder.Api.Get($"{holder.Path}/appointments?upcoming=true")).Should(200).Items;
        Assert.Equal([first, second, third], upcoming.Select(item => item.GetProperty("id").GetGuid()));
        Assert.Equal(
            ["Australia/Melbourne", "Australia/Melbourne", "Australia/Perth"],
            upcoming.Select(item => item.GetProperty("timeZone").GetString())
        );
        Assert.Equal(
            [first, second, third],
            (await holder.Api.GetAll($"{holder.Path}/appointments?upcoming=true&limit=1")).Select(item =>
                item.GetProperty("id").GetGuid()
            )
        );
        Assert.Equal([third, second, off, first], await Ids("limit=1"));
        Assert.Equal([off], await Ids("upcoming=false"));
        (await holder.Api.Get($"{holder.Path}/appointments?upcoming=soon")).ShouldReject("upcoming");
        (await holder.Api.Get($"{holder.Path}/appointments?upcoming=true&after={Guid.NewGuid():n}")).ShouldReject(
            "after"
        );

        await app.PassesAsync(TimeSpan.FromDays(3));
        holder = await holder.SignsInAgain();
        Assert.Equal(
            [second, third],
            (await holder.Api.GetAll($"{holder.Path}/appointments?upcoming=true")).Select(item =>
                item.GetProperty("id").GetGuid()
            )
        );
        Assert.Equal([off, first], await Ids("upcoming=false&limit=1"));

        async Task<List<Guid>> Ids(string query) =>
            [
                .. (await holder.Api.GetAll($"{holder.Path}/appointments?{query}")).Select(item =>
                    item.GetProperty("id").GetGuid()
                ),
            ];

        async Task<Guid> Books(int days, Guid? location = null)
        {
            var starts = app.Clock.GetUtcNow().AddDays(days);
            return (
                await clinic.Api.Post(
                    $"{clinic.Path}/patients/{patient}/appointments",
                    new
                    {
                        startsAt = starts,
                        endsAt = starts.AddMinutes(30),
                        practitionerId = clinic.Practitioner.Id,
                        locationId = location ?? clinic.Group.LocationId,
                    }
                )
            ).Should(201).Id;
        }
    }

    [Fact]
    public async Task The_access_log_can_leave_out_what_the_holder_opened_themselves()
    {
        var app = await TestApp.StartedAsync();
        var (holder, spouse) = (await app.NewHolder(), await app.NewHolder());
        await holder.GivesAccess(spouse);
        (await holder.Api.Get($"{holder.Path}/invoices")).Should(200);
        (await spouse.Api.Get($"{holder.Path}/invoices")).Should(200);

        Assert.Equal(2, (await holder.Api.GetAll($"{holder.Path}/access-log")).Count);
        var entry = Assert.Single(await holder.Api.GetAll($"{holder.Path}/access-log?others=true"));
        Assert.Equal(spouse.Person.Id, entry.GetProperty("userId").GetGuid());
        (await holder.Api.Get($"{holder.Path}/access-log?others=perhaps")).ShouldReject("others");
    }
}
