using System.Globalization;
using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What patients, or those who act for them, are emailed about appointments.</summary>
public sealed class AppointmentMailTests
{
    private static readonly string Minor = DateTime
        .UtcNow.AddYears(-6)
        .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static readonly TimeZoneInfo Melbourne = TimeZoneInfo.FindSystemTimeZoneById("Australia/Melbourne");

    [Fact]
    public async Task Booking_moving_and_cancelling_are_emailed_and_update_one_event()
    {
        var (group, email) = (await Clinic.NewClinic(), People.NewEmail());
        var practitioner = await group.Practitioner();
        var patient = await group.Owner.Adds(group, email: email);

        var id = await practitioner.Books(group, patient, practitioner.Id, startsAt: Clinic.In(3));
        var booked = await Mailed(group, email, "Your appointment: ");

        Assert.Contains($"When: {Local(Clinic.In(3))} to ", booked.Text, StringComparison.Ordinal);
        Assert.Contains("(Melbourne time)", booked.Text, StringComparison.Ordinal);
        Assert.Contains($"{group.Name} booked an appointment.", booked.Text, StringComparison.Ordinal);
        Assert.Contains("Where: Main street", booked.Text, StringComparison.Ordinal);
        Assert.Contains("For: Jo", booked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Back pain", booked.Text + booked.Html + booked.Calendar, StringComparison.Ordinal);
        Assert.Equal("REQUEST", booked.Method);
        Assert.Contains("METHOD:REQUEST", booked.Calendar, StringComparison.Ordinal);
        Assert.Contains("RRULE:FREQ=YEARLY", booked.Calendar, StringComparison.Ordinal); // not only this year's rule
        Assert.Equal(
            ($":{id}", ":0", ":CONFIRMED", $";TZID=Australia/Melbourne:{Stamp(Clinic.In(3))}"),
            (booked["UID"], booked["SEQUENCE"], booked["STATUS"], booked["DTSTART"])
        );
        Assert.EndsWith($"mailto:{email}", booked["ATTENDEE"], StringComparison.Ordinal);

        var to = Clinic.Appointment(practitioner.Id, group.LocationId, Clinic.In(4));
        (await practitioner.Api.Change($"{group.Path}/appointments/{id}", to)).Should(204);
        var moved = await Mailed(group, email, "Your appointment has changed");
        Assert.Contains($"When: {Local(Clinic.In(4))} to ", moved.Text, StringComparison.Ordinal);
        Assert.Equal(
            ("REQUEST", booked["UID"], ":1", $";TZID=Australia/Melbourne:{Stamp(Clinic.In(4))}"),
            (moved.Method, moved["UID"], moved["SEQUENCE"], moved["DTSTART"])
        );

        (await practitioner.Api.Post($"{group.Path}/appointments/{id}/cancel", new { reason = "Unwell" })).Should(204);
        var cancelled = await Mailed(group, email, "Your appointment is cancelled");
        Assert.DoesNotContain("Unwell", cancelled.Text, StringComparison.Ordinal);
        Assert.Contains("METHOD:CANCEL", cancelled.Calendar, StringComparison.Ordinal);
        Assert.Equal(
            ("CANCEL", booked["UID"], ":2", ":CANCELLED"),
            (cancelled.Method, cancelled["UID"], cancelled["SEQUENCE"], cancelled["STATUS"])
        );
    }

    [Fact]
    public async Task Another_room_and_an_appointment_of_the_past_are_told_to_nobody()
    {
        var (group, email) = (await Clinic.NewClinic(), People.NewEmail());
        var practitioner = await group.Practitioner();
        var patient = await group.Owner.Adds(group, email: email);

        await practitioner.Books(group, patient, practitioner.Id, startsAt: DateTimeOffset.UtcNow.AddHours(-2));
        var id = await practitioner.Books(group, patient, practitioner.Id);
        var other = Clinic.Appointment(practitioner.Id, group.LocationId);
        other["room"] = "2";
        other["reason"] = "Knee";
        (await practitioner.Api.Change($"{group.Path}/appointments/{id}", other)).Should(204);
        (await practitioner.Api.Post($"{group.Path}/appointments/{id}/cancel")).Should(204);

        await Mailed(group, email, "Your appointment is cancelled");
        await Eventually.Is(() => Task.FromResult(group.Host.Mail.To(email).Count >= 2));
        Assert.Equal(2, group.Host.Mail.To(email).Count);
    }

    [Fact]
    public async Task A_linked_patient_is_told_as_the_person_and_not_at_the_address_that_the_practice_has()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, recorded) = (await Portal.Clinic.New(app), await app.NewHolder(), People.NewEmail());
        var patient = await clinic.Links(holder);
        await app.Owner.Execute("update portal.patients set email = $1 where id = $2", recorded, patient);

        var (appointment, _, _) = await clinic.AddsRecords(patient);

        var mail = await Mailed(clinic.Group, holder.Email, "Your appointment: ");
        Assert.Contains("https://practice.test/portal", mail.Text, StringComparison.Ordinal);
        (await holder.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(204);
        await Mailed(clinic.Group, holder.Email, "Your appointment is cancelled");
        Assert.Empty(app.Mail.To(recorded));
    }

    [Fact]
    public async Task Every_guardian_of_a_dependant_is_told_and_nobody_with_mere_access()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Portal.Clinic.New(app);
        var (parent, other, friend) = (await app.NewHolder(), await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Minor);
        await child.AddsGuardian(other.Person);
        var patient = await clinic.AddsPatient(Minor);
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Api.Post("/api/portal/claims", new { token, accountId = child.AccountId })).Should(204);

        await clinic.AddsRecords(patient);

        foreach (var guardian in new[] { parent, other })
            Assert.Contains(
                "For: Robin",
                (await Mailed(clinic.Group, guardian.Email, "Your appointment: ")).Text,
                StringComparison.Ordinal
            );
        Assert.DoesNotContain(app.Mail.To(friend.Email), mail => mail.Subject.StartsWith("Your appointment", default));
    }

    [Fact]
    public async Task A_guardian_whose_access_the_practice_has_paused_is_told_nothing_meanwhile()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Portal.Clinic.New(app);
        var (parent, other) = (await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Minor);
        await child.AddsGuardian(other.Person);
        var patient = await clinic.AddsPatient(Minor);
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Api.Post("/api/portal/claims", new { token, accountId = child.AccountId })).Should(204);
        var access = await clinic.AccessOf(other, patient);
        (await clinic.Api.Post($"{access}/pause", new { reason = "A court order" })).Should(204);

        await clinic.AddsRecords(patient);
        var paused = await Mailed(clinic.Group, parent.Email, "Your appointment: ");
        (await clinic.Api.Post($"{access}/resume")).Should(204);
        await clinic.AddsRecords(patient, days: 5);

        var resumed = await Mailed(clinic.Group, other.Email, "Your appointment: ");
        Assert.NotEqual(paused.Text, resumed.Text);
        Assert.Single(app.Mail.To(other.Email), mail =>
            mail.Subject.StartsWith("Your appointment: ", StringComparison.Ordinal)
        );
        Assert.Contains("For: Robin", resumed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_to_a_request_is_told_with_the_event_or_without()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Portal.Clinic.New(app), await app.NewHolder());
        await clinic.Links(holder);

        await Answers("confirm");
        var confirmed = await Mailed(clinic.Group, holder.Email, "Your appointment is confirmed");
        Assert.Equal(("REQUEST", ":0"), (confirmed.Method, confirmed["SEQUENCE"]));

        await Answers("decline");
        var declined = await Mailed(clinic.Group, holder.Email, "declined your request");
        Assert.Null(declined.Calendar);
        Assert.Contains("Nothing is booked.", declined.Text, StringComparison.Ordinal);

        async Task Answers(string act)
        {
            var request = (
                await holder.Api.Post(
                    $"{holder.Path}/appointments",
                    new
                    {
                        startsAt = Clinic.In(5),
                        practitionerId = clinic.Practitioner.Id,
                        locationId = clinic.Group.LocationId,
                        reason = "Back pain",
                    }
                )
            ).Should(201).Id;
            (
                await clinic.Api.Post(
                    $"{clinic.Path}/requests/{request}/{act}",
                    act == "confirm" ? new { allowOverlap = true } : null
                )
            ).Should(204);
        }
    }

    private static async Task<SentMail> Mailed(Group group, string email, string subject) =>
        await SentMail.Read(await group.Host.Mail.WaitFor(email, subject));

    private static string Local(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Melbourne).ToString("dddd, d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    private static string Stamp(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Melbourne).ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
}
