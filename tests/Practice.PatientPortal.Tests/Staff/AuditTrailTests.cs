using System.Text.Json;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// The audit of a practice in words: names that the reader may know, what changed, why, and as a file.
/// </summary>
public sealed class AuditTrailTests
{
    [Fact]
    public async Task An_entry_is_a_sentence_with_the_names_of_people_patients_and_locations()
    {
        var (group, owner) = await NewClinic();
        var doctor = await group.Practitioner();
        var patient = await group.Owner.Adds(group, "Vale");
        (await group.Owner.Api.Get(group.Patient(patient))).Should(200);
        await group.Owner.Books(group, patient, doctor.Id);
        await group.OpensLocation("Harbour clinic");

        Assert.Equal([$"{owner} opened Jo Vale's details"], await Sentences(group, "act=portal.patient_opened"));
        Assert.Equal(
            [$"{owner} booked an appointment of Jo Vale"],
            await Sentences(group, "act=portal.appointment_booked")
        );
        Assert.Equal(
            [$"{owner} added the location Harbour clinic"],
            await Sentences(group, "act=locations.created&limit=1")
        );
        Assert.Equal(
            [$"{owner} added {doctor.FirstName} {doctor.LastName}"],
            await Sentences(group, $"act=groups.member_added&subjectId={doctor.Id}")
        );
    }

    [Fact]
    public async Task What_is_about_a_patient_is_found_by_patient_and_by_day()
    {
        var (group, _) = await NewClinic();
        var (doctor, other) = (await group.Practitioner(), await group.Owner.Adds(group, "Moss"));
        var patient = await group.Owner.Adds(group, "Vale");
        var appointment = await group.Owner.Books(group, patient, doctor.Id);
        (await group.Owner.Api.Post($"{group.Path}/appointments/{appointment}/cancel")).Should(204);

        var found = await group.Owner.Api.GetAll($"{group.Path}/audit?patientId={patient}&limit=1");
        Assert.Equal(
            ["portal.appointment_cancelled", "portal.appointment_booked", "portal.patient_added"],
            found.Of("act")
        );
        Assert.All(found, entry => Assert.Equal(patient, entry.GetProperty("patientId").GetGuid()));
        var (yesterday, tomorrow) = ($"{Clinic.In(-1):yyyy-MM-dd}T00:00:00Z", $"{Clinic.In(1):yyyy-MM-dd}T00:00:00Z");
        var today = $"{group.Path}/audit?patientId={patient}&from={yesterday}&to={tomorrow}";
        Assert.Equal(3, (await group.Owner.Api.GetAll(today)).Count);
        Assert.Empty(await group.Owner.Api.GetAll($"{group.Path}/audit?patientId={patient}&from={tomorrow}"));
        Assert.Empty(await group.Owner.Api.GetAll($"{group.Path}/audit?patientId={patient}&to={yesterday}"));
        Assert.Single(await group.Owner.Api.GetAll($"{group.Path}/audit?patientId={other}"));
    }

    [Fact]
    public async Task It_says_what_changed_from_what_to_what_and_why()
    {
        var (group, _) = await NewClinic();
        var (member, doctor) = (await group.AddsNewPerson("reception"), await group.Practitioner());
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{member.Id}/access",
                new { accessLevel = "billing", settings = new { exportData = true } }
            )
        ).Should(204);
        (
            await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate", new { reason = "Moved away." })
        ).Should(204);
        var patient = await group.Owner.Adds(group, "Vale");
        var changed = Clinic.Patient("Vale", "new@practice.test");
        changed["phone"] = "0491 570 156";
        (await group.Owner.Api.Change(group.Patient(patient), changed)).Should(204);
        var appointment = await group.Owner.Books(group, patient, doctor.Id, startsAt: Clinic.In(2));
        (
            await group.Owner.Api.Change(
                $"{group.Path}/appointments/{appointment}",
                Clinic.Appointment(doctor.Id, group.LocationId, Clinic.In(3))
            )
        ).Should(204);

        Assert.Equal(
            [("level", "reception", "billing"), ("switchedOn", "none", "exportData")],
            Changes(await Entry("groups.access_changed"))
        );
        Assert.Equal("Moved away.", (await Entry("groups.member_deactivated")).GetProperty("reason").GetString());
        // What is personal is not in the audit: only that it changed.
        Assert.Contains(("phone", null, null), Changes(await Entry("portal.patient_changed")));
        Assert.Equal([("email", null, "new@practice.test")], Changes(await Entry("portal.patient_email_changed")));
        Assert.Equal(
            ["endsAt", "startsAt"],
            Changes(await Entry("portal.appointment_moved")).Select(change => change.What).Order()
        );

        async Task<JsonElement> Entry(string act) =>
            Assert.Single(await group.Owner.Api.GetAll($"{group.Path}/audit?act={act}"));
    }

    /// <summary>An administrator with <c>manageUsers</c> who sees codes instead of names.</summary>
    [Fact]
    public async Task Names_of_patients_stay_hidden_from_whoever_may_not_know_them()
    {
        var (group, _) = await NewClinic();
        var patient = await group.Owner.Adds(group, "Vale");
        var doctor = await group.Practitioner();
        await group.Owner.Books(group, patient, doctor.Id);
        foreach (
            var settings in new Dictionary<string, bool>[]
            {
                new() { ["hidePatientNames"] = true },
                new() { ["othersPatients"] = false },
            }
        )
        {
            var reader = await group.AddsNewPerson("manager", settings: settings);
            var all = (await reader.Api.Get($"{group.Path}/audit?limit=200")).Should(200);
            Assert.DoesNotContain("Vale", all.Text, StringComparison.Ordinal);
            Assert.Contains("booked an appointment\"", all.Text, StringComparison.Ordinal);
            Assert.All(all.Items, entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("patientId").ValueKind));
            (await reader.Api.Get($"{group.Path}/audit?patientId={patient}")).Should(403, "auth.not_allowed");
            (await reader.Api.Get($"{group.Path}/audit/file?patientId={patient}")).Should(403, "auth.not_allowed");
            Assert.DoesNotContain(
                "Vale",
                (await reader.Api.Get($"{group.Path}/audit/file")).Should(200).Text,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task It_is_a_file_for_whoever_may_export_and_has_just_proved_who_they_are()
    {
        var (group, owner) = await NewClinic();
        await group.Owner.Adds(group, "Vale");
        var member = await group.AddsNewPerson("reception");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members/{member.Id}/deactivate",
                new { reason = "=1+1, and \"more\"" }
            )
        ).Should(204);

        var file = (await group.Owner.Api.Get($"{group.Path}/audit/file")).Should(200);
        Assert.Equal("text/csv", file.ContentType?.Split(';')[0]);
        Assert.Contains($",{owner} added Jo Vale,", file.Text, StringComparison.Ordinal);
        Assert.Contains("\"'=1+1, and \"\"more\"\"\"", file.Text, StringComparison.Ordinal);
        Assert.Single(await group.Owner.Api.GetAll($"{group.Path}/audit?act=groups.audit_exported"));
        var some = (await group.Owner.Api.Get($"{group.Path}/audit/file?act=portal.patient_added")).Should(200);
        Assert.Equal(3, some.Text.Split("\r\n").Length); // with the header, and what follows the last line

        (await group.Owner.Api.Get($"{group.Path}/audit/file?from=yesterday")).ShouldReject("from");
        var without = await group.AddsNewPerson("manager", settings: new() { ["exportData"] = false });
        (await without.Api.Get($"{group.Path}/audit/file")).Should(403, "auth.not_allowed");
        await (await TestApp.StartedAsync()).VerificationEnds(group.Owner.Id);
        (await group.Owner.Api.Get($"{group.Path}/audit/file")).Should(403, "auth.verification_required");
    }

    private static async Task<(Group Group, string Owner)> NewClinic()
    {
        var group = await Clinic.NewClinic();
        return (group, $"{group.Owner.FirstName} {group.Owner.LastName}");
    }

    private static async Task<IEnumerable<string?>> Sentences(Group group, string query) =>
        (await group.Owner.Api.Get($"{group.Path}/audit?{query}")).Should(200).Items.Of("sentence");

    private static IEnumerable<(string? What, string? From, string? To)> Changes(JsonElement entry) =>
        entry
            .GetProperty("changes")
            .EnumerateArray()
            .Select(change =>
                (
                    change.GetProperty("what").GetString(),
                    change.GetProperty("from").GetString(),
                    change.GetProperty("to").GetString()
                )
            );
}
