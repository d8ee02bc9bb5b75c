namespace Practice.PatientPortal.Tests.Staff;

/// <summary>One person entered twice is noticed; what is still booked is shown before a colleague or a place goes.</summary>
public sealed class DuplicateTests
{
    [Fact]
    public async Task A_patient_with_the_same_name_and_birthday_is_added_only_on_purpose()
    {
        var group = await Clinic.NewClinic();
        var first = await group.Owner.Adds(group);
        var twice = Clinic.Patient("REED", acceptDuplicate: false);

        var found = (await group.Owner.Api.Post(group.Patients(), twice)).Should(409, "portal.possible_duplicate");
        Assert.Equal(first, found["patientIds"].EnumerateArray().Single().GetGuid());
        (
            await group.Owner.Api.Post(
                group.Patients(),
                Clinic.Patient(dateOfBirth: "1991-02-03", acceptDuplicate: false)
            )
        ).Should(201);
        twice["acceptDuplicate"] = true;
        (await group.Owner.Api.Post(group.Patients(), twice)).Should(201);

        var other = await group.Owner.Adds(group, "Rood");
        (await group.Owner.Api.Change(group.Patient(other), Clinic.Patient(acceptDuplicate: false))).Should(
            409,
            "portal.possible_duplicate"
        );
        (
            await group.Owner.Api.Change(
                group.Patient(first),
                Clinic.Patient(email: "jo@example.org", acceptDuplicate: false)
            )
        ).Should(204);
    }

    [Fact]
    public async Task Who_sees_no_names_does_not_learn_whose_code_it_is()
    {
        var group = await Clinic.NewClinic();
        await group.Owner.Adds(group);
        var hidden = await group.Practitioner("clinical", new() { ["hidePatientNames"] = true });
        (await hidden.Api.Post(group.Patients(), Clinic.Patient(acceptDuplicate: false))).Should(201);
    }

    [Fact]
    public async Task Of_two_who_enter_the_same_patient_at_once_one_is_told()
    {
        var group = await Clinic.NewClinic();
        var number = 0;
        await AtOnce.OneWins(201, (409, "portal.possible_duplicate"), () =>
        {
            var patient = Clinic.Patient($"Reed-{++number}", acceptDuplicate: false);
            Func<Task<Answer>>[] calls =
            [
                () => group.Owner.Api.Post(group.Patients(), patient),
                () => group.Owner.Api.Post(group.Patients(), patient),
            ];
            return Task.FromResult(calls);
        });
    }

    [Fact]
    public async Task What_is_still_booked_is_counted_for_who_manages_users_or_locations()
    {
        var group = await Clinic.NewClinic();
        var (doctor, place) = (await group.Practitioner(), await group.OpensLocation());
        var patient = await group.Owner.Adds(group);
        await group.Owner.Books(group, patient, doctor.Id, place, Clinic.In(3));
        await group.Owner.Books(group, patient, doctor.Id, startsAt: Clinic.In(2));
        var cancelled = await group.Owner.Books(group, patient, doctor.Id, startsAt: Clinic.In(1));
        (await group.Owner.Api.Post($"{group.Patient(patient)}/appointments/{cancelled}/cancel")).Should(204);

        var ofDoctor = await group.Owner.Api.Get($"{group.Path}/members/{doctor.Id}/booked-appointments");
        Assert.Equal(
            (2, Clinic.In(2)),
            (ofDoctor.Should(200)["count"].GetInt32(), ofDoctor["nextStartsAt"].GetDateTimeOffset())
        );
        var there = await group.Owner.Api.Get($"{group.Path}/locations/{place}/booked-appointments");
        Assert.Equal(
            (1, "Australia/Melbourne"),
            (there.Should(200)["count"].GetInt32(), there["nextTimeZone"].GetString())
        );
        (await doctor.Api.Get($"{group.Path}/members/{doctor.Id}/booked-appointments")).Should(403);
        (await doctor.Api.Get($"{group.Path}/locations/{place}/booked-appointments")).Should(403);
    }
}
