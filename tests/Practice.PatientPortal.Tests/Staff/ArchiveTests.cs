using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>Patients are archived and restored, never deleted.</summary>
public sealed class ArchiveTests
{
    [Fact]
    public async Task An_archived_patient_leaves_lists_and_search_and_comes_back()
    {
        var group = await Clinic.NewClinic();
        var (gone, kept) = (await group.Owner.Adds(group, "Archer"), await group.Owner.Adds(group, "Archer-Kept"));
        (await group.Owner.Api.Post($"{group.Patient(gone)}/archive")).Should(204);
        (await group.Owner.Api.Post($"{group.Patient(gone)}/archive")).Should(204); // once is as good as twice

        Assert.Equal([kept], await group.Owner.Api.Ids(group.Patients()));
        Assert.Equal([kept], await group.Owner.Api.Ids($"{group.Patients()}?search=archer"));
        Assert.Equal([kept], await group.Owner.Api.Ids($"{group.Patients()}?search=archer&archived=false"));
        Assert.Equal([gone], await group.Owner.Api.Ids($"{group.Patients()}?archived=true"));
        Assert.Equal([gone], await group.Owner.Api.Ids($"{group.Patients()}?search=archer&archived=true"));
        (await group.Owner.Api.Get($"{group.Patients()}?archived=all")).ShouldReject("archived");
        Assert.NotNull((await group.Owner.Api.Get(group.Patient(gone)))["archivedAt"].GetString());
        (await group.Owner.Api.Delete(group.Patient(gone))).Should(405);

        (await group.Owner.Api.Post($"{group.Patient(gone)}/restore")).Should(204);
        (await group.Owner.Api.Post($"{group.Patient(gone)}/restore")).Should(204);
        Assert.Equal([gone, kept], await group.Owner.Api.Ids(group.Patients()));
        Assert.Equal(
            ["portal.patient_restored", "portal.patient_archived"],
            (await group.Owner.Api.Get($"{group.Path}/audit"))
                .Items.Select(entry => entry.GetProperty("act").GetString()!)
                .Where(act =>
                    act.EndsWith("restored", StringComparison.Ordinal)
                    || act.EndsWith("archived", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task An_archived_patient_is_neither_booked_nor_invoiced_nor_invited()
    {
        var group = await Clinic.NewClinic();
        var doctor = await group.Practitioner();
        var patient = await group.Owner.Adds(group, email: People.NewEmail());
        var past = await group.Owner.Books(group, patient, doctor.Id, startsAt: DateTimeOffset.UtcNow.AddHours(-2));
        var request = await group.Sent(
            patient,
            practitionerId: doctor.Id,
            locationId: group.LocationId,
            startsAt: Clinic.In(2)
        );
        (await group.Owner.Api.Post($"{group.Patient(patient)}/archive")).Should(204);

        const string archived = "portal.patient_archived";
        var slot = Clinic.Appointment(doctor.Id, group.LocationId);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/appointments", slot)).Should(409, archived);
        (await group.Owner.Api.Change($"{group.Path}/appointments/{past}", slot)).Should(409, archived);
        (await group.Owner.Answers(group, request, "confirm")).Should(409, archived);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice())).Should(409, archived);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invite")).Should(409, archived);
        (await doctor.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record("A late result"))).Should(
            201
        );

        (await group.Owner.Api.Post($"{group.Patient(patient)}/restore")).Should(204);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/appointments", slot)).Should(201);
        (await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice())).Should(201);
    }

    [Fact]
    public async Task Appointments_to_come_are_cancelled_first_also_those_that_the_caller_does_not_see()
    {
        var group = await Clinic.NewClinic();
        var (doctor, other) = (await group.Practitioner("personal"), await group.Practitioner());
        var patient = await group.Owner.Adds(group);
        var own = await group.Owner.Books(group, patient, doctor.Id, startsAt: Clinic.In(2));
        var hidden = await group.Owner.Books(group, patient, other.Id, startsAt: Clinic.In(3));

        var refused = (await doctor.Api.Post($"{group.Patient(patient)}/archive")).Should(
            409,
            "portal.patient_has_appointments"
        );
        Assert.Equal([own], refused["appointmentIds"].EnumerateArray().Select(id => id.GetGuid()));
        Assert.Contains("2 appointments", refused["detail"].GetString(), StringComparison.Ordinal);
        (await doctor.Api.Post($"{group.Path}/appointments/{own}/cancel")).Should(204);
        Assert.Empty(
            (await doctor.Api.Post($"{group.Patient(patient)}/archive")).Should(409)["appointmentIds"].EnumerateArray()
        );
        (await group.Owner.Api.Post($"{group.Path}/appointments/{hidden}/cancel")).Should(204);
        (await doctor.Api.Post($"{group.Patient(patient)}/archive")).Should(204);
    }

    [Fact]
    public async Task Of_a_booking_and_an_archiving_at_once_one_comes_first_and_the_other_is_refused()
    {
        var group = await Clinic.NewClinic();
        var doctor = await group.Practitioner();
        for (var round = 0; round < 5; round++)
        {
            var patient = await group.Owner.Adds(group, $"Once {round}");
            var answers = await Task.WhenAll(
                group.Owner.Api.Post(
                    $"{group.Patient(patient)}/appointments",
                    Clinic.Appointment(doctor.Id, group.LocationId)
                ),
                group.Owner.Api.Post($"{group.Patient(patient)}/archive")
            );
            var (booked, archived) = (answers[0], answers[1]);
            if (booked.Status == 201)
                archived.Should(409, "portal.patient_has_appointments");
            else
                (booked.Should(409, "portal.patient_archived"), archived.Should(204)).ToString();
        }
    }

    [Fact]
    public async Task What_the_patient_sees_in_the_portal_stays_and_an_appointment_is_refused()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Portal.Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var (appointment, _, record) = await clinic.AddsRecords(patient);
        (await clinic.Api.Post($"{clinic.Path}/appointments/{appointment}/cancel")).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/archive")).Should(204);

        (await holder.Api.Get($"{holder.Path}/clinical-records/{record}")).Should(200);
        Assert.Single((await holder.Api.Get($"{holder.Path}/invoices")).Items);
        Assert.Single((await holder.Api.Get($"{holder.Path}/appointments")).Items);

        var wanted = new { startsAt = DateTimeOffset.UtcNow.AddDays(9) };
        (await holder.Api.Post($"{holder.Path}/appointments", wanted)).Should(409, "portal.patient_archived");
        Assert.Empty((await clinic.Api.Get($"{clinic.Path}/requests")).Items);
        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/restore")).Should(204);
        (await holder.Api.Post($"{holder.Path}/appointments", wanted)).Should(201);
    }

    [Fact]
    public async Task Who_is_at_a_practice_twice_asks_for_an_appointment_as_the_newest_that_it_treats()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, former, holder) = (
            await Portal.Clinic.New(app),
            await Portal.Clinic.New(app),
            await app.NewHolder()
        );
        await clinic.Links(holder);
        var (newest, elsewhere) = (await clinic.Links(holder), await former.Links(holder));
        var wanted = new { startsAt = DateTimeOffset.UtcNow.AddDays(9) };
        (await holder.Api.Post($"{holder.Path}/appointments", wanted)).Should(422, "portal.not_a_patient_there");
        (await former.Api.Post($"{former.Path}/patients/{elsewhere}/archive")).Should(204);
        Assert.Equal(newest, await AsksAs());

        var archived = await clinic.Links(holder);
        (await clinic.Api.Post($"{clinic.Path}/patients/{archived}/archive")).Should(204);
        Assert.Equal(newest, await AsksAs());

        // A note is for each practice once.
        (await holder.Api.Post($"{holder.Path}/health-notes", new { text = "Better" })).Should(201);
        Assert.Single((await clinic.Api.Get($"{clinic.Path}/requests?kind=healthNote")).Items);

        async Task<Guid> AsksAs()
        {
            var id = (await holder.Api.Post($"{holder.Path}/appointments", wanted)).Should(201).Id;
            return (await clinic.Api.Get($"{clinic.Path}/requests"))
                .Items.Single(request => request.GetProperty("id").GetGuid() == id)
                .GetProperty("patientId")
                .GetGuid();
        }
    }
}
