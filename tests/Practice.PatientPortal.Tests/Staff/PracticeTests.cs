using System.Text.Json;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// A practice's patients with their appointments, invoices, clinical records, requests and invitations.
/// </summary>
public sealed class PracticeTests
{
    [Fact]
    public async Task One_address_gets_few_invitations_of_a_practice_a_day_of_however_many_patients()
    {
        await using var app = await TestApp.StartAsync(
            new TestAppOptions { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "1000" } }
        );
        var (group, stranger) = (await (await app.SignUpAndConfirm()).CreatesGroup(), People.NewEmail());
        for (var sent = 0; sent < 10; sent++)
            (await Invites(sent % 2 == 0 ? stranger : stranger.ToUpperInvariant())).Should(202);
        (await Invites(stranger)).Should(429, "portal.address_invited_often");
        (await Invites(stranger, asGuardian: true)).Should(429, "portal.address_invited_often");
        (await Invites(People.NewEmail())).Should(202);
        Assert.Equal(10, (await group.Owner.Api.GetAll($"{group.Path}/audit?act=portal.patient_invited")).Count - 1);

        async Task<Answer> Invites(string email, bool asGuardian = false)
        {
            var patient = await group.Owner.Adds(group, email: asGuardian ? null : email);
            return await group.Owner.Api.Post(
                $"{group.Patient(patient)}/invite",
                asGuardian ? new { guardianEmail = email } : null
            );
        }
    }

    [Fact]
    public async Task Who_is_invited_again_with_another_last_day_counts_again()
    {
        await using var app = await TestApp.StartAsync(
            new TestAppOptions
            {
                Settings = new Dictionary<string, string?>
                {
                    ["RateLimits:PerMinute"] = "1000",
                    ["Practices:NewPeopleADay"] = "2",
                },
            }
        );
        var (group, guardian) = (await (await app.SignUpAndConfirm()).CreatesGroup(), await app.SignUpAndConfirm());
        var patient = await group.Owner.Adds(group);
        (await Invites("2199-12-29")).Should(202);
        var first = await app.Mail.WaitFor(guardian.Email, mail =>
            mail.Subject.EndsWith("as a guardian", StringComparison.Ordinal)
        );
        await Passes();
        (await Invites("2199-12-30")).Should(202);
        await Passes();
        (await Invites("2199-12-31")).Should(429, "portal.too_many_invited");

        (await guardian.Api.Post("/api/portal/claims/preview", new { token = first.Token })).Should(
            410, // what was replaced opens nothing
            "portal.invitation_invalid"
        );

        Task<Answer> Invites(string guardianUntil) =>
            group.Owner.Api.Post(
                $"{group.Patient(patient)}/invite",
                new { guardianEmail = guardian.Email, guardianUntil }
            );

        Task Passes() =>
            app.Owner.Execute(
                "update portal.patient_invitations set created_at = created_at - interval '6 min' where group_id = $1",
                group.Id
            );
    }

    [Fact]
    public async Task A_new_practice_invites_few_patients_a_day_whoever_invites_them()
    {
        await using var app = await TestApp.StartAsync(
            new TestAppOptions
            {
                Settings = new Dictionary<string, string?>
                {
                    ["RateLimits:PerMinute"] = "1000",
                    ["Practices:NewPeopleADay"] = "2",
                },
            }
        );
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();
        var member = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var early = await group.Owner.Adds(group, email: People.NewEmail());
        (await group.Owner.Api.Post($"{group.Patient(early)}/invite")).Should(202);
        var elsewhere = Clinic.Patient(email: People.NewEmail());
        (await group.Owner.Api.Change(group.Patient(early), elsewhere)).Should(204);
        (await group.Owner.Api.Post($"{group.Patient(early)}/invite")).Should(202);

        var patient = await member.Adds(group, email: People.NewEmail(), locationId: group.LocationId);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invite")).Should(429, "portal.too_many_invited");
        (await member.Api.Post($"{group.Patient(patient)}/invite")).Should(429, "portal.too_many_invited");
        Assert.Equal(
            2,
            await app.Owner.Scalar<long>(
                "select count(*) from portal.patient_invitations where group_id = $1",
                group.Id
            )
        );

        await app.Owner.Execute("update portal.patient_invitations set created_at = created_at - interval '1 day'");
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invite")).Should(202);
    }

    [Fact]
    public async Task A_patient_is_added_read_found_and_changed()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group, "Zorn", "Zo@Patients.test", group.LocationId);
        await group.Owner.Adds(group, "Abel");
        var read = (await group.Owner.Api.Get(group.Patient(patient))).Should(200);
        Assert.Equal(
            ("Jo", "Zorn", "Zo@Patients.test", Clinic.Born, "none"),
            (
                read["firstName"].GetString(),
                read["lastName"].GetString(),
                read["email"].GetString(),
                read["dateOfBirth"].GetString(),
                read["portal"].GetString()
            )
        );
        Assert.Equal(["Abel", "Zorn"], (await group.Owner.Api.GetAll($"{group.Patients()}?limit=1")).Of("lastName"));
        foreach (var filter in new[] { "search=zorn jo", "search=ZO@pat", $"locationId={group.LocationId}" })
            Assert.Equal(["Zorn"], (await group.Owner.Api.GetAll($"{group.Patients()}?{filter}")).Of("lastName"));

        (await group.Owner.Api.Put(group.Patient(patient), Clinic.Patient("Zorn-Abel"))).Should(428);
        (await group.Owner.Api.Put(group.Patient(patient), Clinic.Patient("Zorn-Abel"), read.ETag)).Should(204);
        (await group.Owner.Api.Put(group.Patient(patient), Clinic.Patient("Lost"), read.ETag)).Should(412);
        Assert.Equal("Zorn-Abel", (await group.Owner.Api.Get(group.Patient(patient)))["lastName"].GetString());
    }

    [Fact]
    public async Task The_date_of_birth_of_a_linked_patient_cannot_change()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group);
        await group.Links(patient);
        Assert.Equal("linked", (await group.Owner.Api.Get(group.Patient(patient)))["portal"].GetString());
        (await group.Owner.Api.Change(group.Patient(patient), Clinic.Patient(dateOfBirth: "1990-02-04"))).Should(
            409,
            "portal.patient_linked"
        );
        (await group.Owner.Api.Change(group.Patient(patient), Clinic.Patient("Renamed"))).Should(204);
    }

    [Fact]
    public async Task An_appointment_is_booked_with_an_active_practitioner_at_a_location_that_is_open()
    {
        var group = await Clinic.NewClinic();
        var (doctor, gone, second) = (
            await group.Practitioner(),
            await group.Practitioner(),
            await group.OpensLocation()
        );
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        var patient = await group.Owner.Adds(group);
        var path = $"{group.Patient(patient)}/appointments";
        foreach (var unknown in new[] { gone.Id, group.Owner.Id, Guid.CreateVersion7() })
            (await group.Owner.Api.Post(path, Clinic.Appointment(unknown, group.LocationId))).Should(
                422,
                "portal.unknown_practitioner"
            );
        (await group.Owner.Api.Post(path, Clinic.Appointment(doctor.Id, second))).Should(422, "locations.archived");
        (await group.Owner.Api.Post(path, Clinic.Appointment(doctor.Id, (await Clinic.NewClinic()).LocationId))).Should(
            422,
            "locations.unknown_location"
        );
        (await group.Owner.Api.Post(group.Patients(), Clinic.Patient(locationId: second))).Should(
            422,
            "locations.archived"
        );
        (await group.Owner.Api.Post(group.Patients(), Clinic.Patient(locationId: Guid.CreateVersion7()))).Should(
            422,
            "locations.unknown_location"
        );

        var booked = await group.Owner.Books(group, patient, doctor.Id);
        (await group.Owner.Api.Post($"{path}/{booked}/cancel")).Should(204);
        (await group.Owner.Api.Post($"{path}/{booked}/cancel")).Should(409, "portal.appointment_not_open");
        Assert.Equal(["cancelled"], (await group.Owner.Api.GetAll(path)).Of("status"));
    }

    [Fact]
    public async Task The_calendar_shows_a_period_in_order_filtered_by_practitioner_and_location()
    {
        var group = await Clinic.NewClinic();
        var (ann, bob, second) = (await group.Practitioner(), await group.Practitioner(), await group.OpensLocation());
        await group.Assigns(second, bob.Id);
        var patient = await group.Owner.Adds(group);
        var later = await group.Owner.Books(group, patient, ann.Id, startsAt: Clinic.In(3));
        var sooner = await group.Owner.Books(group, patient, bob.Id, second, Clinic.In(2));
        var far = await group.Owner.Books(group, patient, ann.Id, startsAt: Clinic.In(20));
        var path = $"{group.Path}/appointments";
        Assert.Equal([sooner, later], await group.Owner.Api.Ids($"{path}?limit=1"));
        Assert.Equal([later], await group.Owner.Api.Ids($"{path}?practitionerId={ann.Id}"));
        Assert.Equal([sooner], await group.Owner.Api.Ids($"{path}?locationId={second}"));
        Assert.Equal(
            [far],
            await group.Owner.Api.Ids(
                $"{path}?from={Clinic.In(10):yyyy-MM-ddTHH:mm:ssZ}&to={Clinic.In(70):yyyy-MM-ddTHH:mm:ssZ}"
            )
        );
        (await group.Owner.Api.Get($"{path}?from=2026-01-01T00:00:00Z&to=2026-03-05T00:00:00Z")).ShouldReject("to");
        (await group.Owner.Api.Get($"{path}?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")).ShouldReject("to");
        (await group.Owner.Api.Get($"{path}?from=9999-12-31T00:00:00Z")).ShouldReject("from");
        (await group.Owner.Api.Get($"{path}?from=soon&practitionerId=me&locationId=here&after=x")).ShouldReject(
            "after",
            "from",
            "locationId",
            "practitionerId"
        );
    }

    [Fact]
    public async Task An_invoice_is_exact_and_its_number_unique_in_the_practice()
    {
        var (group, other) = (await Clinic.NewClinic(), await Clinic.NewClinic());
        var patient = await group.Owner.Adds(group);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice())).Should(201);
        var invoice = Assert.Single(await group.Owner.Api.GetAll($"{group.Patient(patient)}/invoices"));
        Assert.Equal("24.75", invoice.GetProperty("total").GetString());
        Assert.Equal(
            ("12.50", JsonValueKind.Number),
            (
                invoice.GetProperty("lines")[0].GetProperty("unitPrice").GetString(),
                invoice.GetProperty("lines")[0].GetProperty("quantity").ValueKind
            )
        );
        (
            await group.Owner.Api.Post($"{group.Patient(await group.Owner.Adds(group))}/invoices", Clinic.Invoice())
        ).Should(409, "portal.invoice_number_taken");
        (
            await other.Owner.Api.Post($"{other.Patient(await other.Owner.Adds(other))}/invoices", Clinic.Invoice())
        ).Should(201);
    }

    [Fact]
    public async Task A_clinical_record_keeps_its_line_breaks()
    {
        var group = await Clinic.NewClinic();
        var path = $"{group.Patient(await group.Owner.Adds(group))}/clinical-records";
        var id = (await group.Owner.Api.Post(path, Clinic.Record())).Should(201).Id;
        var read = (await group.Owner.Api.Get($"{path}/{id}")).Should(200);
        Assert.Equal(("note", "Stiff.\nBetter after walking."), (read["kind"].GetString(), read["body"].GetString()));
        Assert.Equal(DateTimeOffset.Parse("2026-02-28T23:00:00Z", null), read["recordedAt"].GetDateTimeOffset());
    }

    [Fact]
    public async Task A_confirmed_request_becomes_the_requested_appointment()
    {
        var group = await Clinic.NewClinic();
        var (doctor, patient) = (await group.Practitioner(), await group.Owner.Adds(group));
        var open = await group.Sent(patient, locationId: group.LocationId, startsAt: Clinic.In(2));
        (await group.Owner.Answers(group, open, "confirm")).Should(422, "portal.appointment_incomplete");
        (
            await group.Owner.Answers(group, open, "confirm", new { practitionerId = doctor.Id, endsAt = Clinic.In(1) })
        ).Should(422, "portal.appointment_length");
        (await group.Owner.Answers(group, open, "confirm", new { practitionerId = doctor.Id })).Should(204);
        var appointment = Assert.Single(await group.Owner.Api.GetAll($"{group.Patient(patient)}/appointments"));
        Assert.Equal(Clinic.In(2), appointment.GetProperty("startsAt").GetDateTimeOffset());
        Assert.Equal(
            [appointment.GetProperty("id").GetString()],
            (await group.Owner.Api.GetAll($"{group.Path}/requests?status=confirmed")).Of("appointmentId")
        );
        foreach (var act in new[] { "confirm", "decline" })
            (await group.Owner.Answers(group, open, act)).Should(409, "portal.request_not_open");

        var declined = await group.Sent(patient);
        (await group.Owner.Answers(group, declined, "decline")).Should(204);
        Assert.Equal([declined], await group.Owner.Api.Ids($"{group.Path}/requests?status=declined&kind=appointment"));
    }

    [Fact]
    public async Task An_invitation_goes_to_the_patient_or_a_guardian_beside_the_earlier_one()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var (without, patient) = (
            await group.Owner.Adds(group),
            await group.Owner.Adds(group, email: People.NewEmail())
        );
        (await group.Owner.Api.Post($"{group.Patient(without)}/invite")).Should(422, "portal.email_missing");
        (
            await group.Owner.Api.Post(
                $"{group.Patient(without)}/invite",
                new { guardianEmail = "g@patients.test", guardianUntil = "2020-01-01" }
            )
        ).Should(422, "portal.ends_in_past");
        (
            await group.Owner.Api.Post(
                $"{group.Patient(without)}/invite",
                new { guardianEmail = "g@patients.test", guardianUntil = "2090-01-01" }
            )
        ).Should(202);

        (await group.Owner.Api.Post($"{group.Patient(patient)}/invite")).Should(202);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invite")).Should(429, "portal.invited_just_now");
        Assert.Equal("invited", (await group.Owner.Api.Get(group.Patient(patient)))["portal"].GetString());
        await app.Owner.Execute(
            """
            update portal.patient_invitations set created_at = created_at - interval '6 minutes'
            where patient_id = $1
            """,
            patient
        );
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invite", "{}")).Should(202);
        Assert.Equal(
            2L,
            await app.Owner.Scalar<long>(
                "select count(*) from portal.patient_invitations where patient_id = $1",
                patient
            )
        );
        (await group.Owner.Api.Change(group.Patient(patient), Clinic.Patient(email: People.NewEmail()))).Should(204);
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>(
                "select count(*) from portal.patient_invitations where patient_id = $1 and withdrawn_at is null",
                patient
            )
        );
    }

    [Fact]
    public async Task A_linked_patient_is_invited_again_only_to_take_over_an_account_and_a_guardian_of_dependants()
    {
        var group = await Clinic.NewClinic();
        var (own, child, grown) = (
            await group.Owner.Adds(group, email: "a@patients.test"),
            await group.Owner.Adds(group, email: "b@patients.test"),
            await group.Owner.Adds(group, email: "c@patients.test")
        );
        await group.Links(own);
        await group.Links(child, $"{DateTime.UtcNow.Year - 10}-01-01", dependant: true);
        await group.Links(grown, $"{DateTime.UtcNow.Year - 20}-01-01", dependant: true);
        foreach (var linked in new[] { own, child })
            (await group.Owner.Api.Post($"{group.Patient(linked)}/invite")).Should(409, "portal.already_linked");
        (await group.Owner.Api.Post($"{group.Patient(own)}/invite", new { guardianEmail = "g@patients.test" })).Should(
            409,
            "portal.already_linked"
        ); // nobody could claim it
        (await group.Owner.Api.Post($"{group.Patient(grown)}/invite")).Should(202);
        (
            await group.Owner.Api.Post($"{group.Patient(child)}/invite", new { guardianEmail = "g@patients.test" })
        ).Should(202);
    }

    [Fact]
    public async Task Every_access_of_staff_is_audited_and_logged_for_the_account_holder()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var (doctor, patient, unlinked) = (
            await group.Practitioner(),
            await group.Owner.Adds(group),
            await group.Owner.Adds(group)
        );
        await group.Owner.Books(group, patient, doctor.Id);
        await group.Sent(patient);
        var shared = Clinic.Record();
        shared["shared"] = true;
        var record = (await doctor.Api.Post($"{group.Patient(patient)}/clinical-records", shared)).Should(201).Id;
        var account = await group.Links(patient);
        string[] paths = ["", "/appointments", "/invoices", "/clinical-records", $"/clinical-records/{record}"];
        foreach (var path in paths)
        {
            (await doctor.Api.Get($"{group.Patient(patient)}{path}")).Should(200);
            if (!path.EndsWith($"{record}", StringComparison.Ordinal))
                (await doctor.Api.Get($"{group.Patient(unlinked)}{path}")).Should(200);
        }

        foreach (var path in new[] { "patients", "appointments", "requests" })
            (await doctor.Api.Get($"{group.Path}/{path}")).Should(200);
        (await doctor.Api.Get($"{group.Patient(patient)}/clinical-records/{Guid.CreateVersion7()}")).Should(404);

        Assert.Equal(
            ["patient", "appointments", "invoices", "clinicalRecords", "clinicalRecord", "appointments", "requests"],
            (
                await app.Owner.Rows(
                    """
                    select opened from portal.receipts
                    where account_id = $1 and authority = 'staff' and user_id = $2
                        and user_name = $3 and practice_name = $4
                    order by at
                    """,
                    account,
                    doctor.Id,
                    $"{doctor.FirstName} {doctor.LastName}",
                    group.Name
                )
            ).Select(row => (string)row[0]!)
        );
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>(
                "select count(*) from portal.receipts where group_id = $1 and account_id <> $2",
                group.Id,
                account
            )
        );
        var acts = (
            await app.Owner.Rows(
                """
                select act from audit.entries
                where group_id = $1 and actor_id = $2 and act like 'portal.%opened'
                    or group_id = $1 and act = 'portal.patients_listed'
                """,
                group.Id,
                doctor.Id
            )
        ).Select(row => (string)row[0]!).GroupBy(act => act).ToDictionary(act => act.Key, act => act.Count());
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["portal.patient_opened"] = 2,
                ["portal.appointments_opened"] = 2,
                ["portal.invoices_opened"] = 2,
                ["portal.clinical_records_opened"] = 2,
                ["portal.clinical_record_opened"] = 1,
                ["portal.calendar_opened"] = 1,
                ["portal.requests_opened"] = 1,
                ["portal.patients_listed"] = 1,
            }.OrderBy(act => act.Key),
            acts.OrderBy(act => act.Key)
        );
    }
}
