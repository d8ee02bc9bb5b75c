using System.Net;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Reminders;
using Practice.Users.Email;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>Reminders of appointments. The host's clock is moved forward.</summary>
[Collection(ReminderHost.Collection)]
public sealed class ReminderTests(ReminderHost host)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task A_reminder_goes_out_once_as_long_before_as_the_practice_chose()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        var appointment = await clinic.Books(patient, 72 * Hour);

        await Passes(clinic, email, (47, 0), (2, 1), (30, 1));

        var mail = await SentMail.Read(clinic.Reminders(email).Single());
        Assert.Equal(("REQUEST", $":{appointment}", ":0"), (mail.Method, mail["UID"], mail["SEQUENCE"]));
        Assert.Contains("reminds you of an appointment", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reminder_follows_its_appointment_when_that_is_moved_and_stops_when_it_is_cancelled()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        var (moved, cancelled) = (await clinic.Books(patient, 72 * Hour), await clinic.Books(patient, 73 * Hour));
        await Moves(moved, 120);
        await Moves(await clinic.Books(patient, 150 * Hour), 50); // to an earlier time
        (await clinic.Owner.Api.Post($"{clinic.Group.Path}/appointments/{cancelled}/cancel")).Should(204);

        await Passes(clinic, email, (25, 0), (2, 1), (30, 1), (38, 1), (2, 2), (60, 2));

        async Task Moves(Guid appointment, int hours)
        {
            var to = Clinic.Appointment(
                clinic.Owner.Id,
                clinic.Group.LocationId,
                new DateTimeOffset(_app.Clock.GetUtcNow().Ticks / 10 * 10, TimeSpan.Zero) + (hours * Hour)
            );
            (await clinic.Owner.Api.Change($"{clinic.Group.Path}/appointments/{appointment}", to)).Should(204);
        }
    }

    [Fact]
    public async Task Who_is_told_of_an_appointment_after_its_reminder_was_due_gets_none()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        await clinic.Books(patient, 20 * Hour);
        await Passes(clinic, email, (1, 0), (25, 0));
    }

    [Fact]
    public async Task New_settings_hold_for_appointments_that_are_booked_already()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        await clinic.Sets(enabled: false);
        await clinic.Books(patient, 72 * Hour);
        await Passes(clinic, email, (10, 0));
        clinic = await clinic.SignsInAgain();

        await clinic.Sets(hoursBefore: 24);
        await clinic.Sets(hoursBefore: 2); // later than before
        await Passes(clinic, email, (50, 0));
        clinic = await clinic.SignsInAgain();
        await clinic.Sets(hoursBefore: 48); // due at once
        await Passes(clinic, email, (0, 1));
        await clinic.Sets(hoursBefore: 3);
        await Passes(clinic, email, (11, 1));
    }

    /// <summary>A host of an earlier release plans none.</summary>
    [Fact]
    public async Task An_appointment_that_nobody_planned_is_found_with_the_next_one()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        var unplanned = await clinic.Books(patient, 72 * Hour);
        await _app.SettlesAsync();
        await HasNoPlanAsync(unplanned, TimeSpan.FromHours(2));
        await clinic.Books((await clinic.AddsPatient()).Id, 90 * Hour);

        await Passes(clinic, email, (49, 1));
    }

    /// <summary>Else each of many bookings at once would have all of the practice planned again.</summary>
    [Fact]
    public async Task An_appointment_that_was_booked_a_moment_ago_is_left_to_its_own_plan()
    {
        var clinic = await Reminding.New(_app);
        var (patient, _, _) = await clinic.AddsPatient();
        var booked = await clinic.Books(patient, 72 * Hour);
        await _app.SettlesAsync();
        await HasNoPlanAsync(booked, TimeSpan.Zero);
        await clinic.Books((await clinic.AddsPatient()).Id, 90 * Hour);
        await _app.SettlesAsync();

        Assert.Equal(0, await PlansOfAsync(booked));
    }

    /// <summary>The next booking's plan came before that of its own.</summary>
    [Fact]
    public async Task Who_is_just_being_told_gets_no_reminder_whichever_plan_comes_first()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        var unplanned = await clinic.Books(patient, 20 * Hour);
        await _app.SettlesAsync();
        await HasNoPlanAsync(unplanned, TimeSpan.FromHours(2));
        await clinic.Books((await clinic.AddsPatient()).Id, 90 * Hour);

        await Passes(clinic, email, (1, 0), (25, 0));
    }

    [Fact]
    public async Task A_reminder_that_is_planned_meanwhile_is_no_conflict_for_who_edits_the_appointment()
    {
        var clinic = await Reminding.New(_app);
        var appointment = await clinic.Books((await clinic.AddsPatient()).Id, 72 * Hour);
        await _app.SettlesAsync();
        await HasNoPlanAsync(appointment, TimeSpan.FromHours(2));
        var path = $"{clinic.Group.Path}/appointments/{appointment}";
        var read = (await clinic.Group.Owner.Api.Get(path)).Should(200);
        await clinic.Books((await clinic.AddsPatient()).Id, 90 * Hour); // has both planned
        await _app.SettlesAsync();
        Assert.Equal(1, await PlansOfAsync(appointment));

        var body = new[] { "startsAt", "endsAt", "practitionerId", "locationId" }.ToDictionary(
            field => field,
            field => (object?)read[field].GetString()
        );
        body["reason"] = "Knee";
        (await clinic.Group.Owner.Api.Put(path, body, read.ETag)).Should(204);
        (await clinic.Group.Owner.Api.Put(path, body, read.ETag)).Should(412);
    }

    [Fact]
    public async Task A_reminder_that_is_handled_many_times_at_once_goes_out_once()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        var appointment = await clinic.Books(patient, 72 * Hour);
        await _app.SettlesAsync();
        var due = await _app.Owner.Scalar<DateTime>(
            "select due_at from portal.appointment_reminders where appointment_id = $1",
            appointment
        );
        await _app.PassesAsync(47 * Hour);
        _app.Clock.Advance(2 * Hour); // without its own message

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => clinic.Publishes(new RemindPatient(clinic.Group.Id, appointment, new(due))))
        );
        await Passes(clinic, email, (0, 1), (2, 1));
    }

    /// <summary>The email is on its way only once the mark is stored, and the mark only with the email.</summary>
    [Fact]
    public async Task A_crash_between_the_reminder_and_its_mark_sends_it_once()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        await clinic.Books(patient, 72 * Hour);
        await _app.Owner.Execute(
            $$"""
            create sequence crashes;
            create function crash() returns trigger language plpgsql security definer as $f$ begin
                if new.group_id = '{{clinic.Group.Id}}' and nextval('public.crashes') <= 2 then
                    raise exception 'the server goes down' using errcode = '57P01';
                end if;
                return new;
            end $f$;
            create trigger crash before update of reminded_at on portal.appointment_reminders
            for each row when (new.reminded_at is not null) execute function crash();
            """
        );
        try
        {
            await Passes(clinic, email, (49, 1), (1, 1));
            Assert.True(await _app.Owner.Scalar<long>("select last_value from crashes") > 2);
        }
        finally
        {
            await _app.Owner.Execute(
                "drop trigger crash on portal.appointment_reminders; drop function crash; drop sequence crashes"
            );
        }
    }

    [Fact]
    public async Task One_click_switches_reminders_off_at_an_address_without_an_account_and_the_link_on_again()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        await clinic.Books(patient, 48 * Hour);
        await clinic.Books(patient, 72 * Hour);
        await clinic.Books(patient, 96 * Hour);
        await Passes(clinic, email, (25, 1));
        var url = (await SentMail.Read(clinic.Reminders(email).Single())).UnsubscribeUrl!;
        Assert.StartsWith("https://practice.test/unsubscribe/one-click?category=reminders&token=", url, default);

        using var program = new HttpClient();
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await program.PostAsync(new Uri(_app.Url, new Uri(url).PathAndQuery), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Passes(clinic, email, (24, 1));

        var token = Uri.UnescapeDataString(url.Split("token=")[1]);
        (await _app.Api.Post("/api/users/resubscribe", new { token, category = "portal" })).Should(
            422,
            "users.link_invalid"
        );
        (await _app.Api.Post("/api/users/resubscribe", new { token, category = "reminders" })).Should(204);
        await Passes(clinic, email, (24, 2));
    }

    /// <summary>Anybody can make a practice and type a stranger's address.</summary>
    [Fact]
    public async Task A_practice_emails_a_recorded_address_ten_times_a_day_about_appointments_and_others_still_can()
    {
        var (clinic, other) = (await Reminding.New(_app), await Reminding.New(_app));
        var (patient, email, _) = await clinic.AddsPatient();
        for (var i = 0; i < 12; i++)
            await clinic.Books(patient, 20 * Hour);
        await _app.SettlesAsync();
        Assert.Equal(10, _app.Mail.To(email).Count);
        Assert.Contains(_app.Log.Lines, line =>
            line.Contains($"of practice {clinic.Group.Id} was not sent", StringComparison.Ordinal)
        );

        await other.Books(await other.Owner.Adds(other.Group, email: email), 20 * Hour);
        await Passes(clinic, email, (23, 0));
        Assert.Equal(11, _app.Mail.To(email).Count);

        await _app.PassesAsync(2 * Hour);
        clinic = await clinic.SignsInAgain();
        await clinic.Books(patient, 20 * Hour);
        await _app.SettlesAsync();
        Assert.Equal(12, _app.Mail.To(email).Count);
    }

    [Fact]
    public async Task One_click_stops_all_emails_about_appointments_at_an_address_without_an_account()
    {
        var clinic = await Reminding.New(_app);
        var (patient, email, _) = await clinic.AddsPatient();
        await clinic.Books(patient, 48 * Hour);
        await _app.SettlesAsync();
        var url = (await SentMail.Read(_app.Mail.To(email).Single())).UnsubscribeUrl!;
        Assert.StartsWith("https://practice.test/unsubscribe/one-click?category=reminders&all&token=", url, default);

        using var program = new HttpClient();
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await program.PostAsync(new Uri(_app.Url, new Uri(url).PathAndQuery), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await program.GetStringAsync(new Uri(_app.Url, new Uri(url).PathAndQuery));
        Assert.Contains("Unsubscribe from emails about appointments?", page, StringComparison.Ordinal);
        await clinic.Books(patient, 49 * Hour);
        await Passes(clinic, email, (26, 0));
        Assert.Single(_app.Mail.To(email));

        var token = Uri.UnescapeDataString(url.Split("token=")[1]);
        (await _app.Api.Post("/api/users/resubscribe", new { token, category = "reminders" })).Should(204);
        clinic = await clinic.SignsInAgain();
        await clinic.Books(patient, 20 * Hour);
        await _app.SettlesAsync();
        Assert.Equal(2, _app.Mail.To(email).Count);
    }

    /// <summary>A mail server that is down for a night gets it when it is up again.</summary>
    [Fact]
    public async Task A_reminder_that_waited_is_not_sent_once_its_appointment_or_its_address_is_another()
    {
        var clinic = await Reminding.New(_app);
        var (ids, patients) = (new List<Guid>(), new List<(Guid Id, string Email, string Number)>());
        for (var hours = 0; hours < 7; hours++)
        {
            patients.Add(await clinic.AddsPatient());
            ids.Add(await clinic.Books(patients[^1].Id, (18 + hours) * Hour)); // so late that they count as reminded
        }

        await _app.SettlesAsync();
        var waiting = new List<(string Email, AppointmentFacts Facts)>();
        foreach (var (id, patient) in ids.Zip(patients))
            waiting.Add((patient.Email, await FactsOf(clinic, id)));
        await Puts(ids[1], startsAt: waiting[1].Facts.StartsAt!.Value.AddHours(30));
        (await clinic.Owner.Api.Post($"{clinic.Group.Path}/appointments/{ids[2]}/cancel")).Should(204);
        await Puts(ids[3], room: "2"); // which is no change for the patient
        waiting[4] = (waiting[4].Email, waiting[4].Facts with { StartsAt = _app.Clock.GetUtcNow() });
        // Its location's zone was corrected, so that another reminder says the time.
        await _app.Owner.Execute(
            "update portal.appointment_reminders set reminded_at = reminded_at + interval '1 second' "
                + "where appointment_id = $1",
            ids[5]
        );
        var typed = $"{clinic.Group.Patients()}/{patients[6].Id}";
        var rightEmail = People.NewEmail();
        var corrected = Clinic.Patient(email: rightEmail);
        (await clinic.Owner.Api.Put(typed, corrected, (await clinic.Owner.Api.Get(typed)).ETag)).Should(204);

        foreach (var (email, facts) in waiting)
            await clinic.Publishes(
                new DeliverEmail(
                    Guid.NewGuid(),
                    EmailKind.AppointmentReminder,
                    email,
                    facts.Id,
                    clinic.Group.Name,
                    GroupId: clinic.Group.Id,
                    Patient: "Jo",
                    Appointment: new(facts, InPortal: false)
                )
            );
        await _app.SettlesAsync();

        Assert.Equal([1, 0, 0, 1, 0, 0, 0], waiting.Select(mail => clinic.Reminders(mail.Email).Count));
        Assert.Single(clinic.Reminders(rightEmail));
        var moved = await SentMail.Read(clinic.Reminders(waiting[3].Email).Single());
        Assert.Equal(":1", moved["SEQUENCE"]); // what the appointment is now

        async Task Puts(Guid appointment, DateTimeOffset? startsAt = null, string? room = null)
        {
            var path = $"{clinic.Group.Path}/appointments/{appointment}";
            var now = (await clinic.Owner.Api.Get(path)).Should(200);
            var to = Clinic.Appointment(
                clinic.Owner.Id,
                clinic.Group.LocationId,
                startsAt ?? now["startsAt"].GetDateTimeOffset()
            );
            to["room"] = room;
            (await clinic.Owner.Api.Put(path, to, now.ETag)).Should(204);
        }
    }

    [Fact]
    public async Task An_email_to_a_person_goes_to_their_address_of_now_and_to_nobody_who_is_not_told_any_more()
    {
        var clinic = await Portal.Clinic.New(_app);
        var holder = await Portal.Holders.NewHolder(_app);
        var patient = await clinic.Links(holder);
        var reminding = new Reminding(_app, clinic.Group);
        var starts = _app.Clock.GetUtcNow().AddHours(20);
        var facts = await FactsOf(
            reminding,
            await reminding.Owner.Books(
                clinic.Group,
                patient,
                clinic.Practitioner.Id,
                startsAt: new(starts.Ticks / 10 * 10, TimeSpan.Zero)
            )
        );
        await _app.SettlesAsync();
        var former = holder.Email;
        holder = await holder.ChangesEmail();
        await _app.SettlesAsync();

        Assert.Equal((0, 1), await NewAfter(Publishes));
        await _app.Owner.Execute("update portal.patients set account_id = null where id = $1", patient);
        Assert.Equal((0, 0), await NewAfter(Publishes));

        Task Publishes() =>
            reminding.Publishes(
                new DeliverEmail(
                    Guid.NewGuid(),
                    EmailKind.AppointmentMoved,
                    former,
                    facts.Id,
                    clinic.Group.Name,
                    GroupId: clinic.Group.Id,
                    Patient: "Jo",
                    Appointment: new(facts, InPortal: true, holder.Person.Id)
                )
            );

        async Task<(int Former, int Now)> NewAfter(Func<Task> happens)
        {
            var (before, beforeNow) = (_app.Mail.To(former).Count, _app.Mail.To(holder.Email).Count);
            await happens();
            await _app.SettlesAsync();
            return (_app.Mail.To(former).Count - before, _app.Mail.To(holder.Email).Count - beforeNow);
        }
    }

    private Task<long> PlansOfAsync(Guid appointment) =>
        _app.Owner.Scalar<long>(
            "select count(*) from portal.appointment_reminders where appointment_id = $1",
            appointment
        );

    /// <summary>Of an appointment that was booked so long ago.</summary>
    private Task<int> HasNoPlanAsync(Guid appointment, TimeSpan age) =>
        _app.Owner.Execute(
            $"""
            begin;
            set local session_replication_role = replica; -- no trigger says that it changed just now
            delete from portal.appointment_reminders where appointment_id = '{appointment}';
            update portal.appointments set updated_at = '{_app.Clock.GetUtcNow() - age:O}' where id = '{appointment}';
            commit
            """
        );

    /// <summary>The appointment as a reminder that waits says it.</summary>
    private async Task<AppointmentFacts> FactsOf(Reminding clinic, Guid appointment)
    {
        var now = (await clinic.Owner.Api.Get($"{clinic.Group.Path}/appointments/{appointment}")).Should(200);
        return new(
            appointment,
            0,
            now["startsAt"].GetDateTimeOffset(),
            now["endsAt"].GetDateTimeOffset(),
            "Australia/Melbourne",
            "Dr Vale",
            "Main street",
            await _app.Owner.Scalar<DateTime>(
                "select reminded_at from portal.appointment_reminders where appointment_id = $1",
                appointment
            )
        );
    }

    private async Task Passes(Reminding clinic, string email, params (double Hours, int Reminders)[] steps)
    {
        await _app.SettlesAsync();
        foreach (var (hours, reminders) in steps)
        {
            await _app.PassesAsync(TimeSpan.FromHours(hours));
            Assert.Equal((hours, reminders), (hours, clinic.Reminders(email).Count));
        }
    }
}
