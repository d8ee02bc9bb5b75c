namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// Each setting alone, for a practitioner who otherwise sees only their own data: which data it opens, and which not.
/// </summary>
public sealed class SettingsOpenDataTests
{
    /// <summary>
    /// Patients: mine and his (at the first location), far (mine, at the second). The other rows belong to my patient,
    /// made by me and by the other practitioner.
    /// </summary>
    public static TheoryData<string, string, string, string, string, string> Table() =>
        new()
        {
            // setting                      patients         appointments  invoices    records     of requests
            { "financialReports", "far mine", "me", "me", "me", "mine:note" },
            { "othersPatients", "far his mine", "me", "me", "me", "mine:note" },
            { "othersCalendars", "far mine", "me other", "me", "me", "mine:note mine:other" },
            { "othersInvoices", "far mine", "me", "me other", "me", "mine:note" },
            { "othersClinicalRecords", "far mine", "me", "me", "me other", "mine:note" },
            { "restrictToAssignedLocations", "mine", "me", "me", "me", "mine:note" },
            { "hidePatientNames", "far mine", "me", "me", "me", "mine:note" },
            { "readOnly", "far mine", "me", "me", "me", "mine:note" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_setting_alone_opens_its_own_data_and_no_other(
        string setting,
        string patients,
        string appointments,
        string invoices,
        string records,
        string requests
    )
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var me = await group.Practitioner("personal", new() { [setting] = true });
        var other = await group.Practitioner();
        var second = await group.OpensLocation();
        var owner = group.Owner;
        var mine = await owner.Adds(group, "Mine", "mine@patients.test", group.LocationId);
        var his = await owner.Adds(group, "His", null, group.LocationId);
        var far = await owner.Adds(group, "Far", null, second);
        var names = new Dictionary<Guid, string>
        {
            [mine] = "mine",
            [his] = "his",
            [far] = "far",
        };
        var made = new Dictionary<Guid, string>
        {
            [await owner.Books(group, mine, me.Id)] = "me",
            [await owner.Books(group, mine, other.Id)] = "other",
        };
        await owner.Books(group, his, other.Id);
        await group.Assigns(second, me.Id);
        await owner.Books(group, far, me.Id, second);
        await group.Assigns(second);
        foreach (var (by, label) in new[] { (me, "me"), (other, "other") })
        {
            var invoice = (await owner.Api.Post($"{group.Patient(mine)}/invoices", Clinic.Invoice($"INV-{label}")))
                .Should(201)
                .Id;
            await app.Owner.Execute("update portal.invoices set issued_by_id = $1 where id = $2", by.Id, invoice);
            var record = (await owner.Api.Post($"{group.Patient(mine)}/clinical-records", Clinic.Record()))
                .Should(201)
                .Id;
            await app.Owner.Execute("update portal.clinical_records set author_id = $1 where id = $2", by.Id, record);
            (made[invoice], made[record]) = (label, label);
        }

        (
            made[await group.Sent(mine, "HealthNote")],
            made[await group.Sent(mine, practitionerId: other.Id)],
            made[await group.Sent(his, "HealthNote")]
        ) = ("mine:note", "mine:other", "his:note");

        Assert.Equal(patients, await Seen(group.Patients(), names));
        foreach (var (id, name) in names)
            (await me.Api.Get(group.Patient(id))).Should(patients.Split(' ').Contains(name) ? 200 : 404);
        Assert.Equal(appointments, await Seen($"{group.Patient(mine)}/appointments", made));
        Assert.Equal(appointments, await Seen($"{group.Path}/appointments?locationId={group.LocationId}", made));
        Assert.Equal(invoices, await Seen($"{group.Patient(mine)}/invoices", made));
        Assert.Equal(records, await Seen($"{group.Patient(mine)}/clinical-records", made));
        foreach (var record in await owner.Api.Ids($"{group.Patient(mine)}/clinical-records"))
            (await me.Api.Get($"{group.Patient(mine)}/clinical-records/{record}")).Should(
                records.Split(' ').Contains(made[record]) ? 200 : 404
            );
        Assert.Equal(requests, await Seen($"{group.Path}/requests", made));

        var one = (await me.Api.Get(group.Patient(mine))).Should(200);
        Assert.Equal(setting == "hidePatientNames" ? null : "Mine", one["lastName"].GetString());
        var added = await me.Api.Post(group.Patients(), Clinic.Patient(locationId: group.LocationId));
        added.Should(setting == "readOnly" ? 403 : 201, setting == "readOnly" ? "auth.not_allowed" : null);
        (
            await me.Api.Post($"{group.Patient(mine)}/appointments", Clinic.Appointment(other.Id, group.LocationId))
        ).Should(setting == "othersCalendars" ? 201 : 403, setting == "othersCalendars" ? null : "auth.not_allowed");

        async Task<string> Seen(string path, Dictionary<Guid, string> labels) =>
            string.Join(' ', (await me.Api.Ids(path)).Select(id => labels[id]).Order(StringComparer.Ordinal));
    }

    /// <summary>Wherever rows of all patients are in one answer.</summary>
    [Fact]
    public async Task Rows_of_patients_whom_a_member_does_not_see_are_in_no_list()
    {
        var group = await Clinic.NewClinic();
        var others = new[] { "othersCalendars", "othersInvoices", "othersClinicalRecords", "exportData" };
        var me = await group.Practitioner("personal", others.ToDictionary(setting => setting, _ => true));
        var owner = group.Owner;
        var (mine, his) = (await owner.Adds(group, "Mine"), await owner.Adds(group, "His"));
        await owner.Books(group, mine, me.Id);
        var (invoice, record) = (new Dictionary<Guid, Guid>(), new Dictionary<Guid, Guid>());
        foreach (var patient in new[] { mine, his })
        {
            invoice[patient] = (
                await owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice($"INV-{patient}"))
            )
                .Should(201)
                .Id;
            record[patient] = (await owner.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record()))
                .Should(201)
                .Id;
            await group.Sent(patient, "HealthNote");
        }

        Assert.Equal([invoice[mine]], await me.Api.Ids($"{group.Path}/invoices"));
        var overview = (await me.Api.Get($"{group.Path}/overview")).Should(200);
        Assert.Equal(1, overview["unpaid"].EnumerateArray().Single().GetProperty("invoices").GetInt32());
        Assert.Equal(1, overview["openRequests"].GetInt32());
        var fhir = $"/fhir/groups/{group.Id}";
        Assert.Equal(200, (await me.Api.Get($"{fhir}/Invoice/{invoice[mine]}")).Status);
        Assert.Equal(404, (await me.Api.Get($"{fhir}/Invoice/{invoice[his]}")).Status);
        Assert.Equal(200, (await me.Api.Get($"{fhir}/DocumentReference/{record[mine]}")).Status);
        Assert.Equal(404, (await me.Api.Get($"{fhir}/DocumentReference/{record[his]}")).Status);
        Assert.Equal(2, (await owner.Api.Ids($"{group.Path}/invoices")).Count);
        Assert.Equal(200, (await owner.Api.Get($"{fhir}/DocumentReference/{record[his]}")).Status);
    }

    [Fact]
    public async Task A_member_restricted_to_locations_with_none_assigned_sees_nothing()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group, locationId: group.LocationId);
        var member = await group.AddsNewPerson("full", settings: new() { ["restrictToAssignedLocations"] = true });
        Assert.Empty(await member.Api.GetAll(group.Patients()));
        (await member.Api.Get(group.Patient(patient))).Should(404);
        (await member.Api.Post(group.Patients(), Clinic.Patient(locationId: group.LocationId))).Should(
            403,
            "auth.not_allowed"
        );
    }

    [Fact]
    public async Task A_restricted_member_keeps_patients_and_appointments_at_their_own_locations()
    {
        var group = await Clinic.NewClinic();
        var (second, doctor) = (await group.OpensLocation(), await group.Practitioner());
        var member = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        (await member.Api.Post(group.Patients(), Clinic.Patient())).Should(422, "portal.location_required");
        (await member.Api.Post(group.Patients(), Clinic.Patient(locationId: second))).Should(403, "auth.not_allowed");
        var patient = await member.Adds(group, locationId: group.LocationId);
        (await member.Api.Change(group.Patient(patient), Clinic.Patient(locationId: second))).Should(
            403,
            "auth.not_allowed"
        );
        (await member.Api.Change(group.Patient(patient), Clinic.Patient())).Should(422, "portal.location_required");
        (await member.Api.Post($"{group.Patient(patient)}/appointments", Clinic.Appointment(doctor.Id, second))).Should(
            403,
            "auth.not_allowed"
        );
    }

    [Fact]
    public async Task A_restricted_member_chooses_no_address_that_appointments_elsewhere_are_shown_to()
    {
        var group = await Clinic.NewClinic();
        var (second, doctor) = (await group.OpensLocation(), await group.Practitioner());
        await group.Assigns(second, doctor.Id);
        var member = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var patient = await member.Adds(group, locationId: group.LocationId);
        var elsewhere = Clinic.Patient(email: People.NewEmail(), locationId: group.LocationId);
        (await member.Api.Change(group.Patient(patient), elsewhere)).Should(204);
        await group.Owner.Books(group, patient, doctor.Id, second);

        elsewhere["email"] = People.NewEmail();
        (await member.Api.Change(group.Patient(patient), elsewhere)).Should(403, "portal.records_hidden");
        (await group.Owner.Api.Change(group.Patient(patient), elsewhere)).Should(204);
    }

    [Fact]
    public async Task A_restricted_member_neither_sees_nor_answers_what_the_portal_sends_to_other_locations()
    {
        var group = await Clinic.NewClinic();
        var second = await group.OpensLocation();
        var member = await group.AddsNewPerson(
            "full",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var patient = await group.Owner.Adds(group, locationId: group.LocationId);
        var here = await group.Sent(patient, locationId: group.LocationId);
        var anywhere = await group.Sent(patient);
        var there = await group.Sent(patient, locationId: second);
        var cancelled = await group.Sent(patient, "Cancellation", locationId: second);

        Assert.Equal([anywhere, here], await member.Api.Ids($"{group.Path}/requests"));
        foreach (var other in new[] { there, cancelled })
        foreach (var answer in new[] { "confirm", "decline" })
            (await member.Answers(group, other, answer)).Should(404);
        (await member.Answers(group, here, "decline")).Should(204);
        Assert.Equal([cancelled, there, anywhere, here], await group.Owner.Api.Ids($"{group.Path}/requests"));
    }

    [Fact]
    public async Task Members_who_may_not_see_names_search_by_code_and_get_patients_in_the_order_of_adding()
    {
        var group = await Clinic.NewClinic();
        var member = await group.AddsNewPerson("full", settings: new() { ["hidePatientNames"] = true });
        var last = await group.Owner.Adds(group, "Zimmer", "zimmer@patients.test");
        var first = await group.Owner.Adds(group, "Adler");
        await group.Owner.Books(group, last, (await group.Practitioner()).Id);
        await group.Sent(last);
        await group.Sent(last, "ContactDetails", text: "Phone: only Sundays");

        var seen = await member.Api.GetAll($"{group.Patients()}?limit=1");
        Assert.Equal([last, first], seen.Select(item => item.GetProperty("id").GetGuid()));
        Assert.Equal([first, last], await group.Owner.Api.Ids($"{group.Patients()}?limit=1"));
        foreach (var sought in new[] { "zimmer", "patients.test", "Jo" })
            Assert.Empty(await member.Api.GetAll($"{group.Patients()}?search={sought}"));
        var code = seen[0].GetProperty("code").GetString()!;
        foreach (var person in new[] { member, group.Owner })
            Assert.Equal([last], await person.Api.Ids($"{group.Patients()}?search={code}"));

        foreach (
            var path in new[]
            {
                group.Patients(),
                group.Patient(last),
                $"{group.Patient(last)}/appointments",
                $"{group.Path}/appointments",
                $"{group.Path}/requests",
            }
        )
        {
            var answer = (await member.Api.Get(path)).Should(200).Text;
            foreach (var name in new[] { "Zimmer", "zimmer", "\"Jo\"", "Jo Reed", "Sam Sender", "only Sundays" })
                Assert.DoesNotContain(name, answer, StringComparison.Ordinal);
            Assert.Contains(code, answer, StringComparison.Ordinal);
        }

        Assert.Equal(
            [("Sam Sender", "Jo Reed")],
            (await group.Owner.Api.GetAll($"{group.Path}/requests?kind=appointment")).Select(item =>
                (item.GetProperty("sentByName").GetString()!, item.GetProperty("actingFor").GetString()!)
            )
        );
    }

    [Fact]
    public async Task A_receptionist_sees_no_health_note_not_even_of_a_patient_they_added()
    {
        var group = await Clinic.NewClinic();
        var reception = await group.AddsNewPerson("reception");
        var patient = await reception.Adds(group);
        var note = await group.Sent(patient, "HealthNote");
        Assert.Empty(await reception.Api.GetAll($"{group.Path}/requests"));
        foreach (var act in new[] { "confirm", "decline" })
            (await reception.Answers(group, note, act)).Should(404);
        (await group.Owner.Answers(group, note, "confirm")).Should(204);
    }
}
