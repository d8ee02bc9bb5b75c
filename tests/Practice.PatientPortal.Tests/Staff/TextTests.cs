using Microsoft.AspNetCore.Http;
using Practice.PatientPortal.Domain.Texts;
using Practice.Shared.Limits;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>Reminders by text message, and the credit that they take. The gateway is a real server.</summary>
[Collection(ReminderHost.Collection)]
public sealed class TextTests(ReminderHost host)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestApp _app = host.App;
    private readonly TextServer _texts = host.Texts;

    [Fact]
    public async Task Text_messages_are_offered_only_where_a_gateway_is_set_up()
    {
        var group = await Clinic.NewClinic(); // of the host without one
        Assert.False((await group.Owner.Api.Get(group.Path))["textsOffered"].GetBoolean());
        var (reminders, invoices) = (
            new
            {
                enabled = true,
                hoursBefore = 24,
                byText = true,
            },
            new { currency = "AUD", dueAfterDays = 14 }
        );
        (
            await group.Owner.Api.Change(
                group.Path,
                new
                {
                    name = "X",
                    reminders,
                    invoices,
                }
            )
        ).Should(422, "groups.texts_not_set_up");

        var here = await Reminding.New(_app);
        await here.Sets(byText: true);
        Assert.Equal(
            """{"enabled":true,"hoursBefore":24,"byText":true}""",
            (await here.Owner.Api.Get(here.Group.Path))["reminders"].GetRawText()
        );
    }

    [Fact]
    public async Task A_reminder_by_text_goes_to_the_number_that_was_typed_and_takes_one()
    {
        var clinic = await Texting(3);
        var (patient, email, _) = await clinic.AddsPatient("(0491) 570-006");
        var before = _texts.To("+61491570006").Count;
        await clinic.Books(patient, 3 * Day);

        clinic = await Passes(clinic, 2.1);

        var body = _texts.To("+61491570006").Skip(before).Single();
        Assert.StartsWith("Reminder from Practice of ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Back pain", body, StringComparison.Ordinal);
        Assert.InRange(body.Length, 1, 160);
        Assert.Contains(_texts.Received, text => text.From == "+61400000000");
        Assert.Single(clinic.Reminders(email));
        var (balance, entries) = await clinic.Credit();
        Assert.Equal(2, balance);
        Assert.Equal(["text", "topUp"], entries.Of("kind"));
        Assert.Equal("sent", entries[0].GetProperty("textStatus").GetString());
    }

    [Fact]
    public async Task A_number_that_receives_no_texts_costs_nothing_and_one_the_gateway_refuses_gives_its_credit_back()
    {
        var clinic = await Texting(3);
        var landline = await clinic.AddsPatient("(02) 5550 1234");
        var bad = await clinic.AddsPatient();
        _texts.Answer = (to, time) =>
            to == bad.Number
                ? Task.FromResult(
                    Results.Json(
                        new
                        {
                            code = 21211,
                            message = $"{to} is not a number",
                            status = 400,
                        },
                        statusCode: 400
                    )
                )
                : TextServer.Takes(to, time);
        foreach (var (id, _, _) in new[] { landline, bad })
            await clinic.Books(id, 3 * Day);

        clinic = await Passes(clinic, 2.1);
        clinic = await Passes(clinic, 0.1);

        Assert.Single(_texts.To(bad.Number));
        Assert.Single(clinic.Reminders(bad.Email));
        Assert.Single(clinic.Reminders(landline.Email));
        var (balance, entries) = await clinic.Credit();
        Assert.Equal(3, balance);
        Assert.Equal(["returned", "text", "topUp"], entries.Of("kind"));
        Assert.Equal("The gateway refused it (code 21211).", entries[1].GetProperty("problem").GetString());
        Assert.DoesNotContain(_app.Log.Lines, line => line.Contains(bad.Number, StringComparison.Ordinal));
    }

    /// <summary>Perhaps the patient has it: a second one is worse than a text of which nobody knows.</summary>
    [Fact]
    public async Task A_gateway_that_hangs_or_answers_late_gets_each_text_once_and_delays_no_other()
    {
        var clinic = await Texting(5);
        var (hangs, late, fine) = (await clinic.AddsPatient(), await clinic.AddsPatient(), await clinic.AddsPatient());
        var over = new TaskCompletionSource();
        _texts.Answer = async (to, time) =>
        {
            if (to == hangs.Number || to == late.Number)
                await over.Task;
            return await TextServer.Takes(to, time);
        };
        foreach (var (id, _, _) in new[] { hangs, late, fine })
            await clinic.Books(id, 3 * Day);

        clinic = await Passes(clinic, 2.1);
        over.SetResult();
        clinic = await Passes(clinic, 0.5);

        Assert.Equal((1, 1, 1), (Count(hangs), Count(late), Count(fine)));
        var (balance, entries) = await clinic.Credit();
        Assert.Equal(2, balance); // the gateway may have sent all three
        Assert.Equal(
            ["sent", "unknown", "unknown"],
            entries.Of("textStatus").Where(status => status is not null).Order(StringComparer.Ordinal)
        );
        Assert.Contains(_app.Log.Lines, line => line.Contains("The gateway did not answer in time.", default));
        Assert.Single(clinic.Reminders(hangs.Email));

        int Count((Guid, string, string Number) patient) => _texts.To(patient.Number).Count;
    }

    [Fact]
    public async Task A_gateway_that_is_down_for_a_while_gets_the_text_later()
    {
        var clinic = await Texting(5);
        var (patient, moved) = (await clinic.AddsPatient(), await clinic.AddsPatient());
        _texts.Answer = (to, time) =>
            (to == patient.Number && time <= 2) || to == moved.Number
                ? Task.FromResult(Results.StatusCode(time == 1 ? 503 : 429))
                : TextServer.Takes(to, time);
        foreach (var (id, _, _) in new[] { patient, moved })
            await clinic.Books(id, 3 * Day);

        clinic = await Passes(clinic, 2.1);
        // Another number had not its texts of the day counted.
        await _app.Owner.Execute("update portal.patients set phone = '0491 570 158' where id = $1", moved.Id);
        clinic = await Passes(clinic, 0.01);
        clinic = await Passes(clinic, 0.01);
        clinic = await Passes(clinic, 0.01);

        Assert.Equal(3, _texts.To(patient.Number).Count); // it took the third
        var (balance, entries) = await clinic.Credit();
        Assert.Equal(4, balance);
        Assert.Equal(
            ["refused", "refused", "sent"],
            entries.Of("textStatus").OfType<string>().Order(StringComparer.Ordinal)
        );
        Assert.Empty(_texts.To("+61491570158"));
    }

    [Fact]
    public async Task A_text_that_waits_is_dropped_when_its_appointment_moves_and_the_new_time_has_a_text_of_its_own()
    {
        var clinic = await Texting(5);
        var (patient, kept) = (await clinic.AddsPatient(), await clinic.AddsPatient());
        _texts.Answer = (to, time) => time == 1 ? Task.FromResult(Results.StatusCode(503)) : TextServer.Takes(to, time);
        var (moved, same) = (await clinic.Books(patient.Id, 3 * Day), await clinic.Books(kept.Id, 3 * Day));
        clinic = await Passes(clinic, 2.1);
        await Moves(moved, 5);
        await Moves(same, 0); // to another room

        clinic = await Passes(clinic, 0.01);

        Assert.Equal((1, 2), (_texts.To(patient.Number).Count, _texts.To(kept.Number).Count));
        var (balance, entries) = await clinic.Credit();
        Assert.Equal(4, balance);
        Assert.Equal(
            ["dropped", "dropped", "sent"],
            entries.Of("textStatus").OfType<string>().Order(StringComparer.Ordinal)
        );

        clinic = await Passes(clinic, 4.9);
        Assert.Equal(2, _texts.To(patient.Number).Count);
        Assert.Equal(3, (await clinic.Credit()).Balance);

        async Task Moves(Guid appointment, int days)
        {
            var path = $"{clinic.Group.Path}/appointments/{appointment}";
            var now = (await clinic.Owner.Api.Get(path)).Should(200);
            var to = Clinic.Appointment(
                clinic.Owner.Id,
                clinic.Group.LocationId,
                now["startsAt"].GetDateTimeOffset().AddDays(days)
            );
            to["room"] = "2";
            (await clinic.Owner.Api.Put(path, to, now.ETag)).Should(204);
        }
    }

    [Fact]
    public async Task A_text_that_waits_is_dropped_where_the_person_or_the_practice_has_switched_reminders_off()
    {
        var (clinic, other, third) = (await Texting(5), await Texting(5), await Texting(5));
        var (stops, wants) = (await clinic.AddsPatient(), await clinic.AddsPatient());
        var (elsewhere, reminded) = (await other.AddsPatient(), await third.AddsPatient());
        _texts.Answer = (to, time) => time == 1 ? Task.FromResult(Results.StatusCode(503)) : TextServer.Takes(to, time);
        foreach (var (of, patient) in new[] { (clinic, stops), (clinic, wants), (other, elsewhere), (third, reminded) })
            await of.Books(patient.Id, 3 * Day);
        clinic = await Passes(clinic, 2.1);
        other = await other.SignsInAgain();

        var url = (await SentMail.Read(clinic.Reminders(stops.Email).Single())).UnsubscribeUrl!;
        var token = Uri.UnescapeDataString(url.Split("token=")[1]);
        (await _app.Api.Post("/api/users/unsubscribe", new { token, category = "reminders" })).Should(204);
        await other.Sets(byText: false);
        third = await third.SignsInAgain();
        await third.Sets(enabled: false, byText: true);
        clinic = await Passes(clinic, 0.01);
        other = await other.SignsInAgain();
        third = await third.SignsInAgain();

        Assert.Equal(
            [1, 2, 1, 1],
            new[] { stops, wants, elsewhere, reminded }.Select(patient => _texts.To(patient.Number).Count)
        );
        Assert.Equal(
            (4, 5, 5),
            ((await clinic.Credit()).Balance, (await other.Credit()).Balance, (await third.Credit()).Balance)
        );
    }

    [Fact]
    public async Task A_host_that_died_while_it_sent_a_text_does_not_send_it_again()
    {
        var clinic = await Texting(5);
        var patient = await clinic.AddsPatient();
        await clinic.Books(patient.Id, 3 * Day);
        clinic = await Passes(clinic, 2.1);
        var text = await _app.Owner.Scalar<Guid>(
            "update portal.texts set status = 'Sending' where group_id = $1 returning id",
            clinic.Group.Id
        );

        await clinic.Publishes(new SendText(clinic.Group.Id, text));
        clinic = await Passes(clinic, 0);

        Assert.Single(_texts.To(patient.Number));
        Assert.Equal("unknown", (await clinic.Credit()).Entries[0].GetProperty("textStatus").GetString());
    }

    [Fact]
    public async Task Who_has_switched_reminders_off_gets_no_texts_either()
    {
        var clinic = await Texting(3);
        var patient = await clinic.AddsPatient();
        foreach (var days in new[] { 2, 4 })
            await clinic.Books(patient.Id, days * Day);
        clinic = await Passes(clinic, 1.1);
        var url = (await SentMail.Read(clinic.Reminders(patient.Email).Single())).UnsubscribeUrl!;
        using var program = new HttpClient();
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await program.PostAsync(new Uri(_app.Url, new Uri(url).PathAndQuery), form);
        Assert.True(answer.IsSuccessStatusCode);

        clinic = await Passes(clinic, 2);
        Assert.Single(_texts.To(patient.Number));
        Assert.Equal(2, (await clinic.Credit()).Balance);
    }

    [Fact]
    public async Task At_the_low_balance_the_owners_are_told_once_and_at_zero_texts_stop_and_emails_go_on()
    {
        var clinic = await Texting(4);
        (await clinic.Owner.Api.Put($"{clinic.Group.Path}/credit", new { lowBalance = 2 })).Should(428);
        (await clinic.Owner.Api.Change($"{clinic.Group.Path}/credit", new { lowBalance = 2 })).Should(204);
        for (var i = 0; i < 5; i++)
        {
            var patient = await clinic.AddsPatient();
            await clinic.Books(patient.Id, 3 * Day);
            clinic = await Passes(clinic, 2.1);
            Assert.Equal(i < 4 ? 1 : 0, _texts.To(patient.Number).Count);
            Assert.Single(clinic.Reminders(patient.Email));
            Assert.Equal(i < 1 ? 0 : 1, Told(clinic));
        }

        await clinic.TopsUp(3);
        var last = await clinic.AddsPatient();
        await clinic.Books(last.Id, 3 * Day);
        clinic = await Passes(clinic, 2.1);
        Assert.Equal((1, 2), (_texts.To(last.Number).Count, Told(clinic)));

        int Told(Reminding of) =>
            of.App.Mail.To(of.Owner.Email).Count(mail => mail.Subject.StartsWith("Few text", default));
    }

    [Fact]
    public async Task A_hundred_texts_at_once_never_take_more_than_there_is()
    {
        const int texts = 100,
            credit = 30;
        var clinic = await Texting(credit);
        var patients = new List<(Guid Id, string Email, string Number)>();
        for (var i = 0; i < texts; i++)
        {
            if (i % 10 == 0)
                patients.Add(await clinic.AddsPatient());
            await clinic.Books(patients[^1].Id, (3 * Day) + TimeSpan.FromMilliseconds(i));
        }

        clinic = await Passes(clinic, 2.1);

        Assert.Equal(
            (credit, texts),
            (patients.Sum(p => _texts.To(p.Number).Count), patients.Sum(p => clinic.Reminders(p.Email).Count))
        );
        var (balance, entries) = await clinic.Credit();
        Assert.Equal((0, credit), (balance, entries.Of("kind").Count(kind => kind == "text")));
        Assert.Equal(
            0L,
            await _app.Owner.Scalar<long>(
                "select sum(amount) from portal.credit_entries where group_id = $1",
                clinic.Group.Id
            )
        );
    }

    /// <summary>Anybody can make a practice, give it credit and type a stranger's number.</summary>
    [Fact]
    public async Task A_patient_gets_three_texts_a_day_a_number_five_and_a_new_practice_sends_few_while_emails_go_on()
    {
        await using var texts = await TextServer.StartAsync();
        var settings = ReminderHost.SettingsFor(texts);
        settings["RateLimits:PerMinute"] = "10000";
        settings[PeopleLimit.NewPracticeSetting] = "6";
        await using var app = await TestApp.StartAsync(new TestAppOptions { Settings = settings });
        var clinic = await Reminding.New(app);
        await clinic.Sets(byText: true);
        await clinic.TopsUp(10);
        var (first, second) = (await clinic.AddsPatient(), await clinic.AddsPatient());
        for (var i = 0; i < 4; i++)
            await clinic.Books(first.Id, (3 * Day) + TimeSpan.FromMilliseconds(i));
        for (var i = 0; i < 2; i++)
            await clinic.Books(second.Id, (3.25 * Day) + TimeSpan.FromMilliseconds(i));
        // Another patient of the first number, as somebody else would type it.
        var local = $"0{first.Number[3..]}";
        var (same, _, _) = await clinic.AddsPatient($"({local[..4]}) {local[4..7]}-{local[7..]}");
        for (var i = 0; i < 3; i++)
            await clinic.Books(same, (3.15 * Day) + TimeSpan.FromMilliseconds(i));

        await app.SettlesAsync();
        await app.PassesAsync(2.1 * Day);
        Assert.Equal((3, 4), (texts.To(first.Number).Count, clinic.Reminders(first.Email).Count));
        await app.PassesAsync(0.1 * Day);
        Assert.Equal(5, texts.To(first.Number).Count);
        await app.PassesAsync(0.1 * Day);
        Assert.Equal((1, 2), (texts.To(second.Number).Count, clinic.Reminders(second.Email).Count));

        clinic = await clinic.SignsInAgain();
        Assert.Equal(4, (await clinic.Credit()).Balance);
        await clinic.Books(first.Id, 2 * Day);
        await app.SettlesAsync();
        await app.PassesAsync(1.1 * Day); // another day
        Assert.Equal(6, texts.To(first.Number).Count);
    }

    [Fact]
    public async Task Twenty_top_ups_at_once_all_count_and_the_ledger_only_grows()
    {
        var clinic = await Reminding.New(_app);
        await Task.WhenAll(Enumerable.Range(1, 20).Select(clinic.TopsUp));
        Assert.Equal(210, (await clinic.Credit()).Balance);
        (await clinic.Owner.Api.Post($"{clinic.Group.Path}/credit/top-ups", new { amount = 0 })).ShouldReject("amount");
        for (var i = 0; i < 9; i++)
            await clinic.TopsUp(100_000);
        (await clinic.Owner.Api.Post($"{clinic.Group.Path}/credit/top-ups", new { amount = 100_000 })).Should(
            422,
            "portal.too_much_credit"
        );
        foreach (
            var change in new[]
            {
                "update portal.credit_entries set amount = amount + 1",
                "delete from portal.credit_entries",
                "truncate portal.credit_entries",
            }
        )
            Assert.Contains(
                "only grows",
                (await Assert.ThrowsAnyAsync<Exception>(() => _app.Owner.Execute(change))).Message,
                StringComparison.Ordinal
            );
    }

    private async Task<Reminding> Texting(int credit)
    {
        _texts.Answer = TextServer.Takes;
        var clinic = await Reminding.New(_app);
        await clinic.Sets(byText: true);
        await clinic.TopsUp(credit);
        return clinic;
    }

    private async Task<Reminding> Passes(Reminding clinic, double days)
    {
        await _app.SettlesAsync();
        await _app.PassesAsync(days * Day);
        return await clinic.SignsInAgain();
    }
}
