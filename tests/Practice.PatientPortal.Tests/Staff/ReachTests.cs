using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// What a member cannot reach in other ways: by id, by another's id in a body, by a cursor, by odd input, at the wrong
/// moment.
/// </summary>
public sealed class ReachTests
{
    [Fact]
    public async Task A_member_who_cannot_see_a_patient_cannot_change_anything_of_them()
    {
        var group = await Clinic.NewClinic();
        var second = await group.OpensLocation();
        var doctor = await group.Practitioner();
        var strangers = new[]
        {
            await group.Practitioner("personal"),
            await group.AddsNewPerson(
                "full",
                settings: new() { ["restrictToAssignedLocations"] = true },
                locations: second
            ),
        };
        var patient = await group.Owner.Adds(group, email: "unseen@patients.test", locationId: group.LocationId);
        var appointment = await group.Owner.Books(group, patient, doctor.Id);
        var request = await group.Sent(
            patient,
            practitionerId: doctor.Id,
            locationId: group.LocationId,
            startsAt: Clinic.In(2)
        );
        var note = await group.Sent(patient, "HealthNote");
        var record = (await doctor.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record()))
            .Should(201)
            .Id;
        foreach (var stranger in strangers)
        {
            foreach (
                var path in new[]
                {
                    "",
                    "/appointments",
                    "/invoices",
                    "/clinical-records",
                    $"/clinical-records/{record}",
                }
            )
                (await stranger.Api.Get($"{group.Patient(patient)}{path}")).Should(404, "request.not_found");
            (await stranger.Api.Put(group.Patient(patient), Clinic.Patient(), "*")).Should(404, "request.not_found");
            (
                await stranger.Api.Post($"{group.Patient(patient)}/invite", new { guardianEmail = stranger.Email })
            ).Should(404, "request.not_found");
            (
                await stranger.Api.Post(
                    $"{group.Patient(patient)}/appointments",
                    Clinic.Appointment(stranger.Id, second)
                )
            ).Should(404, "request.not_found");
            (await stranger.Api.Post($"{group.Patient(patient)}/appointments/{appointment}/cancel")).Should(
                404,
                "request.not_found"
            );
            (await stranger.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice())).Should(
                404,
                "request.not_found"
            );
            (await stranger.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record())).Should(
                404,
                "request.not_found"
            );
            foreach (
                var (sent, act) in new[]
                {
                    (request, "confirm"),
                    (request, "decline"),
                    (note, "confirm"),
                    (note, "decline"),
                }
            )
                (await stranger.Answers(group, sent, act)).Should(404, "request.not_found");
            foreach (
                var list in new[]
                {
                    $"patients?search=unseen",
                    $"patients?locationId={group.LocationId}",
                    "appointments",
                    $"appointments?practitionerId={doctor.Id}",
                    "requests",
                }
            )
                Assert.Empty(await stranger.Api.GetAll($"{group.Path}/{list}"));
        }

        Assert.Equal(
            "booked",
            Assert
                .Single(await group.Owner.Api.GetAll($"{group.Patient(patient)}/appointments"))
                .GetProperty("status")
                .GetString()
        );
        Assert.Equal(2, (await group.Owner.Api.GetAll($"{group.Path}/requests?status=open")).Count);
    }

    [Fact]
    public async Task Others_appointments_of_a_visible_patient_cannot_be_changed()
    {
        var group = await Clinic.NewClinic();
        var (me, other) = (await group.Practitioner("personal"), await group.Practitioner());
        var patient = await me.Adds(group);
        var theirs = await group.Owner.Books(group, patient, other.Id);
        (await me.Api.Post($"{group.Patient(patient)}/appointments/{theirs}/cancel")).Should(404, "request.not_found");

        var open = await group.Sent(patient, locationId: group.LocationId, startsAt: Clinic.In(2));
        var named = await group.Sent(
            patient,
            practitionerId: other.Id,
            locationId: group.LocationId,
            startsAt: Clinic.In(2)
        );
        (await me.Answers(group, named, "confirm", new { practitionerId = me.Id })).Should(404, "request.not_found");
        (await me.Answers(group, open, "confirm", new { practitionerId = other.Id })).Should(403, "auth.not_allowed");
        (await me.Answers(group, open, "confirm", new { practitionerId = me.Id })).Should(204);
    }

    [Fact]
    public async Task A_request_is_confirmed_only_with_a_practitioner_and_location_that_can_be_booked()
    {
        var (group, other) = (await Clinic.NewClinic(), await Clinic.NewClinic());
        var (doctor, gone, closed) = (
            await group.Practitioner(),
            await group.Practitioner(),
            await group.OpensLocation("Closed")
        );
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{closed}/archive")).Should(204);
        var second = await group.OpensLocation();
        var restricted = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var patient = await group.Owner.Adds(group, locationId: group.LocationId);
        var request = await group.Sent(patient, practitionerId: gone.Id, locationId: second, startsAt: Clinic.In(2));
        foreach (var practitionerId in new[] { gone.Id, group.Owner.Id, (await other.Practitioner()).Id })
            (await group.Owner.Answers(group, request, "confirm", new { practitionerId })).Should(
                422,
                "portal.unknown_practitioner"
            );
        (
            await group.Owner.Answers(
                group,
                request,
                "confirm",
                new { practitionerId = doctor.Id, locationId = other.LocationId }
            )
        ).Should(422, "locations.unknown_location");
        (
            await group.Owner.Answers(
                group,
                request,
                "confirm",
                new { practitionerId = doctor.Id, locationId = closed }
            )
        ).Should(422, "locations.archived");
        var anywhere = await group.Sent(patient, practitionerId: gone.Id, startsAt: Clinic.In(2));
        (
            await restricted.Answers(
                group,
                anywhere,
                "confirm",
                new { practitionerId = doctor.Id, locationId = second }
            )
        ).Should(403, "auth.not_allowed");
        Assert.Empty(await group.Owner.Api.GetAll($"{group.Patient(patient)}/appointments"));
        (
            await restricted.Answers(
                group,
                anywhere,
                "confirm",
                new { practitionerId = doctor.Id, locationId = group.LocationId }
            )
        ).Should(204);
    }

    [Fact]
    public async Task Members_who_may_not_see_names_cannot_change_them_or_choose_an_address_to_invite()
    {
        var group = await Clinic.NewClinic();
        var member = await group.AddsNewPerson("full", settings: new() { ["hidePatientNames"] = true });
        var patient = await group.Owner.Adds(group, "Zimmer", People.NewEmail());
        (await member.Api.Change(group.Patient(patient), Clinic.Patient("Overwritten"))).Should(
            403,
            "portal.names_hidden"
        );
        (await member.Api.Post($"{group.Patient(patient)}/invite", new { guardianEmail = member.Email })).Should(
            403,
            "portal.names_hidden"
        );
        Assert.Equal("Zimmer", (await group.Owner.Api.Get(group.Patient(patient)))["lastName"].GetString());
        (await member.Api.Post($"{group.Patient(patient)}/invite")).Should(202);
    }

    [Fact]
    public async Task A_cursor_shows_no_more_than_the_list_does()
    {
        var (group, other) = (await Clinic.NewClinic(), await Clinic.NewClinic());
        var (doctor, me) = (await group.Practitioner(), await group.Practitioner("personal"));
        foreach (var name in new[] { "Abel", "Beck", "Cohn" })
        {
            var patient = await group.Owner.Adds(group, name);
            await group.Owner.Books(group, patient, doctor.Id);
            await group.Sent(patient);
        }

        var cursors = new List<string>();
        foreach (var list in new[] { "patients", "appointments", "requests" })
            cursors.Add((await group.Owner.Api.Get($"{group.Path}/{list}?limit=1")).Should(200)["next"].GetString()!);
        foreach (var cursor in cursors)
        {
            foreach (var (person, path) in new[] { (me, group.Path), (other.Owner, other.Path) })
            {
                foreach (var list in new[] { "patients", "appointments", "requests" })
                {
                    var answer = await person.Api.Get($"{path}/{list}?after={cursor}");
                    Assert.Empty(
                        answer.Status == 200
                            ? answer.Items
                            : answer.ShouldReject("after").Fields.Where(field => field != "after")
                    );
                }
            }
        }

        foreach (
            var tampered in new[]
            {
                "x",
                "%00",
                cursors[0] + "A",
                cursors[1][..^2],
                "AAAA",
                "H" + cursors[2],
                Cursor("\0\u001f" + Guid.Empty),
                Cursor("99999999999999999999\u001f" + Guid.Empty),
                Cursor("-1\u001f" + Guid.Empty),
                Cursor("a\u001fb\u001fc"),
            }
        )
        {
            foreach (var list in new[] { "patients", "appointments", "requests" })
                Assert.Contains(
                    (await group.Owner.Api.Get($"{group.Path}/{list}?after={tampered}")).Status,
                    new[] { 200, 400 }
                );
        }

        static string Cursor(string keys) =>
            System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(keys));
    }

    [Fact]
    public async Task A_search_is_plain_text()
    {
        var group = await Clinic.NewClinic();
        await group.Owner.Adds(group, "Plain");
        var odd = await group.Owner.Adds(group, @"100%_\Sure");
        foreach (var sought in new[] { "%", "_", @"\", "100%_" })
            Assert.Equal([odd], await group.Owner.Api.Ids($"{group.Patients()}?search={Uri.EscapeDataString(sought)}"));
        (await group.Owner.Api.Get($"{group.Patients()}?search=%00")).ShouldReject("search");
        (await group.Owner.Api.Get($"{group.Patients()}?search={new string('x', 101)}")).ShouldReject("search");
        foreach (var half in new[] { "%ED%A0%80", "%FF", "'%3B--", "P-%25" })
            Assert.Empty(await group.Owner.Api.GetAll($"{group.Patients()}?search={half}"));
    }

    [Theory]
    [InlineData("from=0001-01-01T00:00:00Z", "from")]
    [InlineData("from=2026-01-01T00:00:00%2B99:00", "from")]
    [InlineData("from=2026-02-30T00:00:00Z", "from")]
    [InlineData("from=2027-03-05T09:00:00", "from")] // it would be in this machine's zone
    [InlineData("from=2027-03-05", "from")]
    [InlineData("from=01/03/2027", "from")]
    [InlineData("from=12:00", "from")]
    [InlineData("from=March%202027", "from")]
    [InlineData("from=2027-03-05T09:00:00+11:00", "from")] // a plus sign in an address is a blank
    [InlineData("from=-1", "from")]
    [InlineData("to=9999-12-31T23:59:59Z", "to")]
    [InlineData("to=0001-01-01T00:00:00Z", "to")]
    [InlineData("from=2199-12-31T23:59:59Z&to=2200-06-01T00:00:00Z", "to")]
    [InlineData("practitionerId=%00", "practitionerId")]
    [InlineData("limit=0", "after")]
    public async Task An_implausible_calendar_period_is_rejected(string query, string field)
    {
        var group = await Shared.Value;
        var answer = await group.Owner.Api.Get($"{group.Path}/appointments?{query}");
        answer.ShouldReject(field == "after" ? "limit" : field);
    }

    public static TheoryData<string> OddMoney() =>
        [
            "",
            " ",
            "1e3",
            "1,5",
            "+1",
            "1.",
            ".5",
            "NaN",
            "Infinity",
            " 1",
            "1 ",
            "007",
            "0x10",
            "١٢",
            "1.\u0660",
            "12.345",
            "-0",
            "1\n",
        ];

    [Theory]
    [MemberData(nameof(OddMoney))]
    public async Task Money_is_a_plain_decimal(string unitPrice)
    {
        var group = await Shared.Value;
        var body = Clinic.Invoice(Guid.NewGuid().ToString("n"));
        body["lines"] = new object[]
        {
            new
            {
                description = "Visit",
                quantity = 1,
                unitPrice,
            },
        };
        (await group.Owner.Api.Post($"{group.Patient(await group.Owner.Adds(group))}/invoices", body)).ShouldReject(
            "lines[0].unitPrice"
        );
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("1e28")]
    [InlineData("-1")]
    [InlineData("1e-28")]
    [InlineData("100000.001")]
    [InlineData("\"1\"")]
    [InlineData("NaN")]
    [InlineData("true")]
    public async Task A_quantity_is_a_plausible_number(string quantity)
    {
        var group = await Shared.Value;
        var answer = await group.Owner.Api.Post(
            $"{group.Patient(await group.Owner.Adds(group))}/invoices",
            $$"""
            {"number":"{{Guid.NewGuid():n}}","issuedOn":"2026-03-01","dueOn":"2026-03-15","currency":"AUD",
            "lines":[{"description":"Visit","quantity":{{quantity}},"unitPrice":"1"}]}
            """
        );
        answer.Should(400);
    }

    [Theory]
    [InlineData("patients", """{"firstName":"\ud800","lastName":"Reed","dateOfBirth":"1990-02-03"}""")]
    [InlineData("patients", """{"firstName":"Jo","lastName":"Reed","dateOfBirth":"1990-02-03","\ud800":1}""")]
    [InlineData("patients", """{"firstName":"Jo","lastName":"Reed","dateOfBirth":"1990-02-30"}""")]
    [InlineData("patients", """{"firstName":"Jo","lastName":"Reed","dateOfBirth":"0001-01-01"}""")]
    [InlineData("patients", """{"firstName":"Jo","firstName":"Jo","lastName":"Reed","dateOfBirth":"1990-02-03"}""")]
    [InlineData(
        "clinical-records",
        """{"kind":"note","title":"a\u0085b","body":"x","recordedAt":"2026-03-01T10:00:00Z"}"""
    )]
    [InlineData(
        "clinical-records",
        """{"kind":"note","title":"a","body":"\udfff","recordedAt":"2026-03-01T10:00:00Z"}"""
    )]
    [InlineData("clinical-records", """{"kind":0,"title":"a","body":"x","recordedAt":"2026-03-01T10:00:00Z"}""")]
    [InlineData(
        "clinical-records",
        """{"kind":"note","title":"a","body":"x","recordedAt":"0001-01-01T00:00:00+14:00"}"""
    )]
    [InlineData(
        "clinical-records",
        """{"kind":"note","title":"a","body":"x","recordedAt":"2199-12-31T23:59:59-14:00"}"""
    )]
    [InlineData("invite", """{"guardianEmail":"a@b.test\r\nBcc: x@y.test"}""")]
    [InlineData("invite", """{"guardianEmail":""}""")]
    [InlineData("invite", """{"guardianEmail":"g@patients.test","guardianUntil":"9999-12-31"}""")]
    public async Task Odd_text_and_odd_times_are_rejected(string what, string body)
    {
        var group = await Shared.Value;
        (
            await group.Owner.Api.Post(
                what == "patients" ? group.Patients() : $"{group.Patient(await group.Owner.Adds(group))}/{what}",
                body
            )
        ).Should(400);
    }

    [Fact]
    public async Task Correcting_an_email_while_the_patient_is_invited_leaves_no_invitation_to_the_old_address()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        for (var round = 0; round < 100; round++)
        {
            var patient = await group.Owner.Adds(group, email: People.NewEmail());
            var (etag, corrected) = ((await group.Owner.Api.Get(group.Patient(patient))).ETag, People.NewEmail());
            await Task.WhenAll(
                Task.Run(async () =>
                    (await group.Owner.Api.Put(group.Patient(patient), Clinic.Patient(email: corrected), etag)).Should(
                        204
                    )
                ),
                Task.Run(async () => (await group.Owner.Api.Post($"{group.Patient(patient)}/invite")).Should(202))
            );
            Assert.Equal(
                0L,
                await app.Owner.Scalar<long>(
                    "select count(*) from portal.patient_invitations where patient_id = $1 and email <> $2 and withdrawn_at is null",
                    patient,
                    corrected
                )
            );
        }
    }

    [Fact]
    public async Task An_invitation_claimed_while_it_is_sent_again_leaves_none_open()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var clinic = new Portal.Clinic(group, group.Owner);
        for (var round = 0; round < AtOnce.Rounds(8); round++)
        {
            var holder = await app.NewHolder(Clinic.Born);
            var patient = await group.Owner.Adds(group, email: holder.Email);
            var token = await clinic.Invites(patient, holder.Email);
            await app.Owner.Execute(
                """
                update portal.patient_invitations set created_at = created_at - interval '6 minutes'
                where patient_id = $1
                """,
                patient
            );
            var answers = await Task.WhenAll(
                Task.Run(() => holder.Api.Post("/api/portal/claims", new { token, acceptDifferentName = true })),
                Task.Run(() => group.Owner.Api.Post($"{group.Patient(patient)}/invite"))
            );
            answers[0].Should(204); // the link that was mailed first stays valid
            if (answers[1].Status != 202)
                answers[1].Should(409, "portal.already_linked");
            Assert.Equal(
                0L,
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from portal.patient_invitations
                    where patient_id = $1 and claimed_at is null and withdrawn_at is null
                    """,
                    patient
                )
            );
        }
    }

    [Fact]
    public async Task Only_one_of_two_edits_of_a_patient_at_once_succeeds()
    {
        var group = await Clinic.NewClinic();
        var round = 0;
        await AtOnce.OneWins(204, (412, "request.version_changed"), async () =>
        {
            var (patient, edited) = (await group.Owner.Adds(group), Clinic.Patient($"Edited-{++round}"));
            var etag = (await group.Owner.Api.Get(group.Patient(patient))).ETag;
            Func<Task<Answer>> edit = () => group.Owner.Api.Put(group.Patient(patient), edited, etag);
            return [edit, edit];
        });
    }

    [Fact]
    public async Task Changing_the_email_or_date_of_birth_invalidates_earlier_invitations()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var (holder, clinic) = (await app.NewHolder(Clinic.Born), new Portal.Clinic(group, group.Owner));

        var corrected = await group.Owner.Adds(group, email: holder.Email);
        var token = await clinic.Invites(corrected, holder.Email);

        var moved = await group.Owner.Adds(group, email: holder.Email);
        var toOld = await clinic.Invites(moved, holder.Email);
        (await group.Owner.Api.Change(group.Patient(moved), Clinic.Patient(email: People.NewEmail()))).Should(204);
        (await holder.Api.Post("/api/portal/claims", new { token = toOld, acceptDifferentName = true })).Should(
            410,
            "portal.invitation_invalid"
        );

        (
            await group.Owner.Api.Change(
                group.Patient(corrected),
                Clinic.Patient(email: holder.Email, dateOfBirth: "1990-02-04")
            )
        ).Should(204);
        (await holder.Api.Post("/api/portal/claims", new { token, acceptDifferentName = true })).Should(
            422,
            "portal.not_this_patient"
        );
        (
            await group.Owner.Api.Change(
                group.Patient(corrected),
                Clinic.Patient(email: holder.Email.ToUpperInvariant())
            )
        ).Should(204);
        (await holder.Api.Post("/api/portal/claims", new { token, acceptDifferentName = true })).Should(204);
        (await holder.Api.Post("/api/portal/claims", new { token, acceptDifferentName = true })).Should(
            410,
            "portal.invitation_invalid"
        );
    }

    [Fact]
    public async Task An_invitation_stays_valid_after_its_sender_has_left_the_practice()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var (holder, sender) = (await app.NewHolder(Clinic.Born), await group.AddsNewPerson("reception"));
        var patient = await sender.Adds(group, email: holder.Email);
        var token = await new Portal.Clinic(group, sender).Invites(patient, holder.Email);
        (await group.Owner.Api.Post($"{group.Path}/members/{sender.Id}/deactivate")).Should(204);
        (await sender.Api.Post($"{group.Patient(patient)}/invite")).Should(404);
        (await holder.Api.Post("/api/portal/claims", new { token, acceptDifferentName = true })).Should(204);
    }

    [Fact]
    public async Task A_stored_answer_tells_a_member_without_access_nothing_new()
    {
        var group = await Clinic.NewClinic();
        var member = await group.AddsNewPerson("reception");
        var keyed = member.Api.WithHeader("Idempotency-Key", Guid.NewGuid().ToString());
        var made = (await keyed.Post(group.Patients(), Clinic.Patient("Once"))).Should(201);
        Assert.Equal(made.Text, (await keyed.Post(group.Patients(), Clinic.Patient("Once"))).Should(201).Text);
        (await keyed.Post(group.Patients(), Clinic.Patient("Twice"))).Should(422, "idempotency.key_reused");
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        var replay = await keyed.Post(group.Patients(), Clinic.Patient("Once"));
        Assert.True(replay.Status == 404 || replay.Text == made.Text, replay.ToString());
        (await member.Api.Post(group.Patients(), Clinic.Patient("Once"))).Should(404);
        Assert.Single(await group.Owner.Api.GetAll(group.Patients()));
    }

    private static readonly Lazy<Task<Group>> Shared = new(Clinic.NewClinic);
}
