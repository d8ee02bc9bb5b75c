using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// How to reach a patient: what the portal changes is changed at each practice,
/// and what a practice changes stays there.
/// </summary>
public sealed class ContactTests
{
    private static readonly object Al = new
    {
        name = "Al Sunderland",
        phone = "0400 000 009",
        relation = "brother",
    };

    [Fact]
    public async Task A_patient_has_a_phone_an_address_a_sex_and_an_emergency_contact()
    {
        var clinic = await Clinic.New(await TestApp.StartedAsync());
        var patient = (
            await clinic.Api.Post(
                $"{clinic.Path}/patients",
                Details(phone: " 0491 570 006 ", address: "1 Hill road\nMelbourne", sex: "female", emergency: Al)
            )
        )
            .Should(201)
            .Id;

        Assert.Equal(
            "0491 570 006 | 1 Hill road\nMelbourne | Al Sunderland, 0400 000 009, brother | female",
            await Shown(clinic, patient)
        );
        var changed = Details(
            phone: "+44 20 7946 0958",
            sex: "unknown",
            emergency: new { name = "Bo", phone = "131114" }
        );
        (await clinic.Api.Change($"{clinic.Path}/patients/{patient}", changed)).Should(204);
        Assert.Equal("+44 20 7946 0958 |  | Bo, 131114,  | unknown", await Shown(clinic, patient));
        var audited = await Audited(clinic, patient, "portal.patient_changed");
        Assert.Contains("emergencyContact", audited, StringComparison.Ordinal);
        Assert.DoesNotContain("+44 20 7946 0958", audited, StringComparison.Ordinal);

        (await clinic.Api.Change($"{clinic.Path}/patients/{patient}", Details())).Should(204);
        Assert.Equal(" |  |  | ", await Shown(clinic, patient));
    }

    [Theory]
    [InlineData("phone", "0491 570 00")] // a digit short
    [InlineData("phone", "9374 4000")] // without its area code
    [InlineData("phone", "0491 570 006 (mum)")]
    [InlineData("phone", "000")]
    [InlineData("phone", "+61 491 570 006 +61 491 570 006 ")]
    [InlineData("address", "1\n2\n3\n4\n5\n6\n7\n8\n9")]
    [InlineData("sex", "f")]
    [InlineData("emergencyContact.name", "")]
    [InlineData("emergencyContact.phone", "")]
    [InlineData("emergencyContact.phone", "12")]
    public async Task What_cannot_be_reached_is_refused_at_the_practice_and_in_the_portal(string field, string value)
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var (part, nested) = field.Split('.') is [_, var name] ? ((object)With(name, value), true) : (value, false);
        var body = Details();
        body[nested ? "emergencyContact" : field] = part;
        (await clinic.Api.Post($"{clinic.Path}/patients", body)).ShouldReject(field);
        if (field != "sex") // which the practice records
            (
                await holder.Api.Put(
                    $"{holder.Path}/details",
                    new Dictionary<string, object?> { [nested ? "emergencyContact" : field] = part },
                    "*"
                )
            ).ShouldReject(field);

        static Dictionary<string, string> With(string field, string value) =>
            new()
            {
                ["name"] = "Al",
                ["phone"] = "0400 000 009",
                [field] = value,
            };
    }

    [Fact]
    public async Task What_the_portal_changes_reaches_each_practice_and_the_rest_stays_as_it_is_there()
    {
        var app = await TestApp.StartedAsync();
        var (here, there, holder) = (await Clinic.New(app), await Clinic.New(app), await app.NewHolder());
        var (patient, other) = (await here.Links(holder), await there.Links(holder));
        var unlinked = await here.AddsPatient();
        var own = Details(phone: "0400 000 001", address: "1 Old road", sex: "male", emergency: Al);
        (await here.Api.Change($"{here.Path}/patients/{patient}", own)).Should(204);
        Assert.Equal(" |  |  | ", await Shown(there, other)); // one practice's change stays with it
        Assert.Equal(
            ["0400 000 001", null],
            (await holder.Api.Get(holder.Path))["contactAtPractices"]
                .EnumerateArray()
                .Select(practice => practice.GetProperty("phone").GetString())
                .OrderDescending()
        );

        await Changes(holder, new { phone = "0400 000 002" });
        Assert.Equal(
            "0400 000 002 | 1 Old road | Al Sunderland, 0400 000 009, brother | male",
            await Shown(here, patient)
        );
        Assert.Equal("0400 000 002 |  |  | ", await Shown(there, other));
        Assert.Equal(" |  |  | ", await Shown(here, unlinked));

        await Changes(holder, new { phone = "0400 000 002", emergencyContact = new { name = "Bo", phone = "131114" } });
        await Changes(holder, new { address = "2 New road", emergencyContact = new { name = "Bo", phone = "131114" } });
        Assert.Equal(" | 2 New road | Bo, 131114,  | male", await Shown(here, patient));
        Assert.Equal(" | 2 New road | Bo, 131114,  | ", await Shown(there, other));

        var audited = await Audited(here, patient, "portal.patient_contact_changed");
        foreach (var detail in new[] { "phone", "address", "emergencyContact" })
            Assert.Contains($"\"what\":\"{detail}\"", audited, StringComparison.Ordinal);
        var stored = await app.Owner.Scalar<string>(
            "select string_agg(details::text, ' ') from audit.entries where subject_id = any ($1)",
            new[] { patient, other, holder.AccountId }
        );
        Assert.Contains("emergencyContact", stored, StringComparison.Ordinal);
        foreach (var value in new[] { "0400 000", "Old road", "New road" })
            Assert.DoesNotContain(value, audited + stored, StringComparison.Ordinal);
        Assert.Contains((await here.Api.Get($"{here.Path}/requests")).Items, request =>
            request.GetProperty("text").GetString()!.Contains("Bo, 131114", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_practice_is_told_only_of_a_contact_that_changed_there()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        await clinic.Links(holder);
        await Changes(holder, new { phone = "0400 000 001" });
        await Changes(holder, new { phone = "0400 000 001" });
        await Changes(holder, new { phone = "0400 000 001", timeZone = "Europe/London" });
        Assert.Single((await clinic.Api.Get($"{clinic.Path}/requests")).Items);
    }

    [Fact]
    public async Task A_guardian_changes_how_to_reach_the_child_at_the_practice()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var child = await parent.AddsDependant("2019-05-01");
        var patient = await clinic.AddsPatient("2019-05-01");
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Person.Claims(token, child.AccountId)).Should(204);

        await Changes(child, new { phone = "0400 000 003" });
        Assert.StartsWith("0400 000 003 |", await Shown(clinic, patient), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_link_has_ended_the_portal_changes_nothing_at_the_practice()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        await Changes(holder, new { phone = "0400 000 001" });
        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/unlink", new { reason = "Another person" })).Should(
            204
        );
        await Changes(holder, new { phone = "0400 000 002" });
        Assert.StartsWith("0400 000 001 |", await Shown(clinic, patient), StringComparison.Ordinal);
    }

    /// <summary>A claim locks the patient, then the account; so does a change from the portal.</summary>
    [Fact]
    public async Task A_change_in_the_portal_and_the_end_of_the_link_at_once_do_not_wait_for_each_other()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app);
        for (var round = 0; round < 5; round++)
        {
            var holder = await app.NewHolder();
            var patient = await clinic.Links(holder);
            var answers = await Task.WhenAll(
                holder.Api.Put($"{holder.Path}/details", new { phone = "0400 000 001" }, "*"),
                clinic.Api.Post($"{clinic.Path}/patients/{patient}/unlink", new { reason = "Another person" })
            );
            Assert.All(answers, answer => answer.Should(204));
        }
    }

    private static async Task Changes(Holder holder, object details) =>
        (await holder.Api.Put($"{holder.Path}/details", details, (await holder.Api.Get(holder.Path)).ETag)).Should(204);

    private static Dictionary<string, object?> Details(
        string? phone = null,
        string? address = null,
        string? sex = null,
        object? emergency = null
    ) =>
        new()
        {
            ["firstName"] = "Robin",
            ["lastName"] = "Sunderland",
            ["dateOfBirth"] = Holders.Born,
            ["phone"] = phone,
            ["address"] = address,
            ["sex"] = sex,
            ["emergencyContact"] = emergency,
            ["acceptDuplicate"] = true,
        };

    private static async Task<string> Shown(Clinic clinic, Guid patient)
    {
        var view = (await clinic.Api.Get($"{clinic.Path}/patients/{patient}")).Should(200);
        var contact = view["emergencyContact"] is { ValueKind: JsonValueKind.Object } one
            ? string.Join(", ", new[] { "name", "phone", "relation" }.Select(name => one.GetProperty(name)))
            : "";
        return $"{view["phone"]} | {view["address"]} | {contact} | {view["sex"]}";
    }

    /// <summary>What the audit says, newest first.</summary>
    private static async Task<string> Audited(Clinic clinic, Guid patient, string act) =>
        string.Join(
            '\n',
            (await clinic.Api.Get($"{clinic.Path}/audit?limit=200"))
                .Items.Select(entry => entry.GetRawText())
                .Where(entry =>
                    entry.Contains(act, StringComparison.Ordinal)
                    && entry.Contains(patient.ToString(), StringComparison.Ordinal)
                )
        );
}
