namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What is to come follows its location and its practitioner; what is over stays as it was.</summary>
[Collection(ReminderHost.Collection)]
public sealed class NamesOfAppointmentsTests(ReminderHost host)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task A_location_that_is_renamed_or_moved_to_another_zone_shows_so_where_appointments_are_to_come()
    {
        var clinic = await Reminding.New(_app);
        var (patient, _, _) = await clinic.AddsPatient();
        var over = await clinic.Books(patient, -3 * Hour);
        var (first, cancelled) = (await clinic.Books(patient, 30 * Hour), await clinic.Books(patient, 31 * Hour));
        (await clinic.Owner.Api.Post($"{clinic.Group.Path}/appointments/{cancelled}/cancel")).Should(204);
        var before = await Shown(over);

        await Changes(clinic, "Harbour house", "Australia/Perth");

        Assert.Equal("Harbour house, Australia/Perth", await Shown(first));
        Assert.Equal([before, before], [await Shown(over), await Shown(cancelled)]);

        async Task<string> Shown(Guid appointment) =>
            (
                await _app.Owner.Scalar<string>(
                    "select location_name || ', ' || location_time_zone from portal.appointments where id = $1",
                    appointment
                )
            )!;
    }

    [Fact]
    public async Task A_location_with_hundreds_of_appointments_to_come_has_all_of_them_renamed()
    {
        var clinic = await Reminding.New(_app);
        var (patient, _, _) = await clinic.AddsPatient();
        var one = await clinic.Books(patient, 30 * Hour);
        await _app.Owner.Execute(
            """
            insert into portal.appointments (id, group_id, patient_id, practitioner_id, practitioner_name, location_id,
                location_name, location_time_zone, starts_at, ends_at, status)
            select gen_random_uuid(), group_id, patient_id, practitioner_id, practitioner_name, location_id,
                location_name, location_time_zone, starts_at + make_interval(mins => n),
                ends_at + make_interval(mins => n), status
            from portal.appointments, generate_series(1, 450) n where id = $1
            """,
            one
        );

        await Changes(clinic, "Harbour house", "Australia/Melbourne");

        Assert.Equal(
            451,
            await _app.Owner.Scalar<long>(
                "select count(*) from portal.appointments where group_id = $1 and location_name = 'Harbour house'",
                clinic.Group.Id
            )
        );
    }

    [Fact]
    public async Task A_practitioner_who_is_renamed_shows_so_where_appointments_are_to_come()
    {
        var clinic = await Reminding.New(_app);
        var (patient, _, _) = await clinic.AddsPatient();
        var (over, next) = (await clinic.Books(patient, -3 * Hour), await clinic.Books(patient, 30 * Hour));
        var before = await Shown(over);

        (
            await clinic.Owner.Api.Change(
                "/api/users/me",
                new
                {
                    title = "Dr",
                    firstName = "Nova",
                    lastName = "Newname",
                }
            )
        ).Should(204);
        await _app.SettlesAsync();

        Assert.Equal("Dr Nova Newname", await Shown(next));
        Assert.Equal(before, await Shown(over));

        async Task<string> Shown(Guid appointment) =>
            (await clinic.Owner.Api.Get($"{clinic.Group.Path}/appointments/{appointment}"))
                .Should(200)["practitionerName"]
                .GetString()!;
    }

    /// <summary>The change and the booking did not see each other.</summary>
    [Fact]
    public async Task An_appointment_that_is_booked_during_the_change_has_the_new_names()
    {
        var clinic = await Reminding.New(_app);
        var (patient, _, _) = await clinic.AddsPatient();
        await _app.Owner.Execute(
            $"""
            create function stale() returns trigger language plpgsql as $f$ begin
                new.location_name = 'Old house';
                new.practitioner_name = 'Old name';
                return new;
            end $f$;
            create trigger stale before insert on portal.appointments
            for each row when (new.group_id = '{clinic.Group.Id}') execute function stale();
            """
        );
        try
        {
            await clinic.Books(patient, 30 * Hour);
        }
        finally
        {
            await _app.Owner.Execute("drop trigger stale on portal.appointments; drop function stale");
        }

        await _app.SettlesAsync();
        Assert.Equal(
            0,
            await _app.Owner.Scalar<long>(
                """
                select count(*) from portal.appointments
                where group_id = $1 and (location_name = 'Old house' or practitioner_name = 'Old name')
                """,
                clinic.Group.Id
            )
        );
    }

    /// <summary>Clocks at the location show another time than the one that the patient was reminded of.</summary>
    [Fact]
    public async Task Who_was_reminded_of_a_time_that_clocks_now_show_otherwise_is_reminded_again()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        var (other, later, _) = await clinic.AddsPatient();
        await clinic.Books(patient, 40 * Hour);
        await clinic.Books(other, 80 * Hour);
        await _app.PassesAsync(20 * Hour);
        clinic = await clinic.SignsInAgain();
        Assert.Single(clinic.Reminders(email));

        await Changes(clinic, "Main street", "Australia/Hobart"); // has the clocks of Melbourne
        Assert.Single(clinic.Reminders(email));
        await Changes(clinic, "Main street", "Australia/Perth");

        var mails = clinic.Reminders(email);
        Assert.Equal(2, mails.Count);
        Assert.Contains(mails, mail => mail.Text.Contains("(Perth time)", StringComparison.Ordinal));
        Assert.Empty(clinic.Reminders(later));
        await _app.PassesAsync(10 * Hour);
        Assert.Equal(2, clinic.Reminders(email).Count);
    }

    private async Task Changes(Reminding clinic, string name, string timeZone)
    {
        await _app.SettlesAsync();
        (
            await clinic.Owner.Api.Change(
                $"{clinic.Group.Path}/locations/{clinic.Group.LocationId}",
                new { name, timeZone }
            )
        ).Should(204);
        await _app.SettlesAsync();
    }
}
