namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// With <c>hidePatientNames</c> members see codes instead of names, also in requests from the portal.
/// </summary>
public sealed class HiddenNameTests
{
    [Fact]
    public async Task Members_who_may_not_see_names_see_codes_and_learn_no_name_from_any_call()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.AddsPatient(email: holder.Email, firstName: "Zebedee");
        (await holder.Person.Claims(await clinic.Invites(patient, holder.Email), acceptDifferentName: true)).Should(
            204
        );
        await clinic.AddsRecords(patient);
        (await holder.Api.Post($"{holder.Path}/health-notes", new { text = "A note" })).Should(201);
        var contact = new { name = "Al Zimmer", phone = "0400 123 124" };
        (
            await holder.Api.Put(
                $"{holder.Path}/details",
                new
                {
                    phone = "0400 123 123",
                    address = "77 Sunset road",
                    emergencyContact = contact,
                },
                "*"
            )
        ).Should(204);
        var member = await clinic.Group.AddsNewPerson("full", settings: new() { ["hidePatientNames"] = true });

        string[] names =
        [
            "Zebedee",
            "Sunderland",
            holder.Email,
            holder.Person.LastName,
            "0400 123 123",
            "77 Sunset",
            "Zimmer",
            "0400 123 124",
        ];
        foreach (
            var path in new[]
            {
                "/patients",
                $"/patients/{patient}",
                "/appointments",
                $"/patients/{patient}/appointments",
                "/requests",
                $"/patients/{patient}/invoices",
            }
        )
        {
            var text = (await member.Api.Get(clinic.Path + path)).Should(200).Text;
            Assert.All(names, name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
            Assert.True(text.Length > 40, $"{path} shows nothing, which proves nothing: {text}");
        }

        foreach (var sought in names[..4])
            Assert.Empty(
                (await member.Api.Get($"{clinic.Path}/patients?search={Uri.EscapeDataString(sought)}"))
                    .Should(200)
                    .Items
            );
        var code = (await member.Api.Get($"{clinic.Path}/patients/{patient}"))["code"].GetString();
        Assert.Equal(
            [patient],
            (await member.Api.Get($"{clinic.Path}/patients?search={code}")).Items.Select(item =>
                item.GetProperty("id").GetGuid()
            )
        );
        Assert.Equal(
            [patient],
            (await clinic.Api.Get($"{clinic.Path}/patients?search=zebedee%20sunderland")).Items.Select(item =>
                item.GetProperty("id").GetGuid()
            )
        );
    }
}
