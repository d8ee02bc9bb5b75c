namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// One person entered twice is noticed; what is still booked is shown before a colleague or a place goes.
/// </summary>
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

    /// <summary>Of name, date of birth and contact two must agree.</summary>
    [Theory]
    [InlineData("Moss", "Anna", null, null, "1985-04-12", true)] // swapped
    [InlineData("ANNA", "Möss", null, null, "1985-04-12", true)]
    [InlineData("Anna", "Moss", "MOSS@patients.test", null, "1985-04-13", true)]
    [InlineData("Anna", "Moss", null, "+61 491 570 006", "1985-04-13", true)]
    [InlineData("Anne", "Hill", "moss@patients.test", null, "1985-04-12", true)] // who has married
    [InlineData("Anne", "Hill", null, "0491570006", "1985-04-12", true)]
    [InlineData("Tom", "Moss", "moss@patients.test", "0491 570 006", "2019-05-01", false)] // a child
    [InlineData("Anna", "Moss", null, null, "1985-04-13", false)]
    [InlineData("Tom", "Hill", "tom@patients.test", "0491 570 156", "1985-04-12", false)]
    public async Task Two_patients_may_be_one_if_two_of_name_birthday_and_contact_agree(
        string firstName,
        string lastName,
        string? email,
        string? phone,
        string born,
        bool asked
    )
    {
        var group = await Clinic.NewClinic();
        var first = Named("Anna", "Moss", "moss@patients.test", "0491 570 006", "1985-04-12");
        var known = (await group.Owner.Api.Post(group.Patients(), first)).Should(201).Id;
        (await group.Owner.Api.Post($"{group.Patient(known)}/archive")).Should(204); // found all the same

        var answer = await group.Owner.Api.Post(group.Patients(), Named(firstName, lastName, email, phone, born));
        if (!asked)
        {
            answer.Should(201);
            return;
        }

        answer.Should(409, "portal.possible_duplicate");
        Assert.Equal([known], answer["patientIds"].EnumerateArray().Select(id => id.GetGuid()));
        var accepted = Named(firstName, lastName, email, phone, born);
        accepted["acceptDuplicate"] = true;
        (await group.Owner.Api.Post(group.Patients(), accepted)).Should(201);
        Assert.Contains((await group.Owner.Api.Get($"{group.Path}/audit")).Items, entry =>
            entry.GetProperty("act").GetString() == "portal.patient_added"
            && entry.GetRawText().Contains(known.ToString(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_patient_whom_the_caller_does_not_see_is_no_duplicate_for_them()
    {
        var group = await Clinic.NewClinic();
        await group.Owner.Adds(group);
        var doctor = await group.Practitioner("personal");
        (await doctor.Api.Post(group.Patients(), Clinic.Patient(acceptDuplicate: false))).Should(201);

        var elsewhere = await Clinic.NewClinic();
        (await elsewhere.Owner.Api.Post(elsewhere.Patients(), Clinic.Patient(acceptDuplicate: false))).Should(201);
    }

    private static Dictionary<string, object?> Named(
        string firstName,
        string lastName,
        string? email,
        string? phone,
        string born
    ) =>
        new()
        {
            ["firstName"] = firstName,
            ["lastName"] = lastName,
            ["email"] = email,
            ["phone"] = phone,
            ["dateOfBirth"] = born,
        };

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
        await group.Assigns(place, doctor.Id);
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
