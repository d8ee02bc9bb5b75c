using Practice.PatientPortal.Tests.Portal;
using static Practice.PatientPortal.Tests.Staff.Clinic;

namespace Practice.PatientPortal.Tests;

/// <summary>What of a patient's clinical records the portal shows, and how they are amended.</summary>
public sealed class SharedRecordTests
{
    [Fact]
    public async Task A_clinical_record_does_not_exist_for_the_portal_until_it_is_shared()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(holder);
        await holder.GivesAccess(friend, "view", "clinical");
        var record = await Adds(clinic, patient);
        var path = $"{clinic.Path}/patients/{patient}/clinical-records/{record}";
        await PortalShows(shown: false);
        // Staff open it, and the holder's access log does not name it.
        (await clinic.Api.Get(path)).Should(200);
        Assert.DoesNotContain(
            $"{record}",
            (await holder.Api.Get($"{holder.Path}/access-log")).Should(200).Text,
            default
        );

        (await clinic.Api.Post($"{path}/withhold", new { reason = "Too early" })).Should(
            409,
            "portal.already_withheld"
        );
        (await clinic.Api.Post($"{path}/share")).Should(204);
        (await clinic.Api.Post($"{path}/share")).Should(409, "portal.already_shared");
        Assert.True((await clinic.Api.Get(path))["shared"].GetBoolean());
        await PortalShows(shown: true);

        (await clinic.Api.Post($"{path}/withhold", new { reason = " " })).ShouldReject("reason");
        (await clinic.Api.Post($"{path}/withhold", new { reason = "Sent to the wrong patient" })).Should(204);
        await PortalShows(shown: false);
        Assert.Equal("Sent to the wrong patient", (await clinic.Api.Get(path))["withholdReason"].GetString());
        Assert.DoesNotContain("wrong patient", (await clinic.Api.Get($"{clinic.Path}/audit")).Text, default);

        async Task PortalShows(bool shown)
        {
            foreach (var person in new[] { holder, friend })
            {
                (await person.Api.Get($"{holder.Path}/clinical-records/{record}")).Should(shown ? 200 : 404);
                Assert.Equal(
                    shown,
                    (await person.Api.GetAll($"{holder.Path}/clinical-records"))
                        .Of("id")
                        .Contains($"{record}", StringComparer.Ordinal)
                );
            }
        }
    }

    [Fact]
    public async Task Whether_new_records_are_shared_is_a_setting_of_the_practice_and_a_choice_of_the_author()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app);
        var patient = await clinic.AddsPatient();
        Assert.Equal((false, true, false), await Shared());

        await SharesByDefault(true);
        Assert.Equal((true, true, false), await Shared());
        await SharesByDefault(null); // as older clients send it
        Assert.Equal((true, true, false), await Shared());
        await SharesByDefault(false);
        Assert.Equal((false, true, false), await Shared());

        async Task<(bool Unsaid, bool Yes, bool No)> Shared() =>
            (await Read(null), await Read(true), await Read(false));

        async Task<bool> Read(bool? shared) =>
            (
                await clinic.Api.Get(
                    $"{clinic.Path}/patients/{patient}/clinical-records/{await Adds(clinic, patient, shared)}"
                )
            )["shared"]
                .GetBoolean();

        async Task SharesByDefault(bool? shared)
        {
            var before = (await clinic.Api.Get(clinic.Path)).Should(200);
            var input = new Dictionary<string, object?>
            {
                ["name"] = before["name"],
                ["reminders"] = before["reminders"],
                ["invoices"] = before["invoices"],
            };
            if (shared is not null)
                input["records"] = new { shareByDefault = shared };
            (await clinic.Api.Put(clinic.Path, input, before.ETag)).Should(204);
        }
    }

    [Fact]
    public async Task A_record_is_amended_and_what_was_written_stays()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var record = await Adds(clinic, await clinic.Links(holder), shared: true);
        var inPortal = $"{holder.Path}/clinical-records/{record}";
        var patient = (await clinic.Api.GetAll($"{clinic.Path}/patients")).Of("id").Single();
        var path = $"{clinic.Path}/patients/{patient}/clinical-records/{record}";
        (await clinic.Api.Post($"{path}/amendments", new { text = "" })).ShouldReject("text");

        // At once: each is kept.
        var texts = Enumerable.Range(1, 8).Select(n => $"Line one.\nAmendment {n}.").ToList();
        var ids = await Task.WhenAll(
            texts.Select(async text => $"{(await clinic.Api.Post($"{path}/amendments", new { text })).Should(201).Id}")
        );

        var read = (await clinic.Api.Get(path)).Should(200);
        Assert.Equal("Knee is better.", read["body"].GetString());
        var amendments = read["amendments"].EnumerateArray().ToList();
        Assert.Equal(texts.Order(), amendments.Of("text").Order());
        Assert.Equal(ids.Order(), amendments.Of("id").Order());
        Assert.All(amendments, amendment =>
            Assert.Equal(clinic.Practitioner.Id, amendment.GetProperty("authorId").GetGuid())
        );

        var seen = (await holder.Api.Get(inPortal)).Should(200);
        Assert.Equal(amendments.Of("text"), seen["amendments"].EnumerateArray().ToList().Of("text"));
        Assert.DoesNotContain("authorId", seen.Text, StringComparison.Ordinal);
    }

    private static async Task<Guid> Adds(Clinic clinic, Guid patient, bool? shared = null) => (
            await clinic.Api.Post(
                $"{clinic.Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "result",
                    title = "X-ray",
                    body = "Knee is better.",
                    recordedAt = "2026-11-01T10:00:00Z",
                    shared,
                }
            )
        ).Should(201).Id;
}
