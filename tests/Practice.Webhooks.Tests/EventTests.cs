using System.Net.Http.Headers;
using System.Text.Json;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Tests;

/// <summary>
/// Each event of the catalogue, caused by a person over the API, with the fields that its example has.
/// </summary>
public sealed class EventTests
{
    private const string Born = "1985-04-12";

    [Fact]
    public async Task Each_event_is_sent_with_the_fields_of_its_example()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "physiotherapist");
        var documented = (await owner.Api.Get("/api/webhook-events")).Should(200).Items;
        string[] names = [.. documented.Select(one => one.GetProperty("name").GetString()!)];
        await group.Hook(receiver.Url, names);

        await MembersAsync(app, group);
        await LocationsAsync(group);
        await RecordsAsync(app, group);

        foreach (var one in documented)
        {
            var name = one.GetProperty("name").GetString()!;
            var got = await receiver.Gets(name);
            Assert.Equal(Shape(one.GetProperty("example")), Shape(got.Json));
        }

        var known = receiver.All.Select(got => got.Event).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(names.Order(StringComparer.Ordinal), known);
        Assert.DoesNotContain(receiver.All, got => got.Body.Contains("clinicalword", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_people_change_about_their_own_access_is_sent_and_they_are_not_notified()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var group = await app.NewGroup();
        var level = (
            await group.Owner.Api.Post(
                $"{group.Path}/access-levels",
                new
                {
                    name = "Desk",
                    roleType = "administrator",
                    settings = new { manageUsers = true, othersPatients = true },
                }
            )
        ).Should(201).Id;
        var (clerk, owner) = (await group.AddsNewPerson($"{level}"), await group.WelcomesNewPerson());
        var path = $"{group.Path}/members/{owner.Id}";
        (await group.Owner.Api.Put($"{path}/access", new { accessLevel = "full", owner = true }, "*")).Should(204);
        await app.SettlesAsync();
        await group.Hook(receiver.Url, "member.access_changed");

        var conversion = new
        {
            roleType = "practitioner",
            profession = "nurse",
            accessLevel = "full",
        };
        (await owner.Api.Post($"{path}/convert", conversion)).Should(204);
        (await owner.Api.Put($"{path}/access", new { accessLevel = "full", owner = false }, "*")).Should(204);
        (
            await clerk.Api.Change(
                $"{group.Path}/access-levels/{level}",
                new { name = "Desk", settings = new { manageUsers = true } }
            )
        ).Should(204);
        await app.SettlesAsync();

        Assert.Equal(
            new[] { owner.Id, owner.Id, clerk.Id }.Order(),
            receiver
                .All.Select(got => got.Json.GetProperty("data").GetProperty("userIds").EnumerateArray().Single())
                .Select(id => id.GetGuid())
                .Order()
        );
        Assert.Equal((1, 0), (await Told(owner), await Told(clerk))); // by the other owner

        static async Task<int> Told(Person person) =>
            (await person.Api.Get("/api/users/me/notifications"))
                .Should(200)
                .Items.Count(one => one.GetProperty("kind").GetString() == "accessChanged");
    }

    [Fact]
    public void The_page_for_people_who_write_a_receiver_lists_each_event() =>
        Assert.Equal(
            WebhookEvents.All.Select(one =>
                $"| `{one.Name}` | {one.Description} | {string.Join(", ", one.Fields.Select(field => $"`{field}`"))} |"
            ),
            File.ReadLines(Path.Combine(Checkout.Folder, "docs", "api", "webhooks.md"))
                .SkipWhile(line => !line.StartsWith("| event |", StringComparison.Ordinal))
                .Skip(2)
        );

    /// <summary>Without this, every change would cost twice as much.</summary>
    [Fact]
    public async Task Nothing_is_recorded_for_webhooks_before_a_practice_has_its_first()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var group = await app.NewGroup();
        var created = await Recorded();
        await AddsLocation();
        Assert.Equal(created, await Recorded());

        var hook = await group.Hook(receiver.Url, "location.created");
        await AddsLocation();
        await receiver.Gets("location.created");
        Assert.Equal(created + 1, await Recorded());

        // Later, a call that adds another need not wait for those who are writing.
        (await group.Owner.Api.Delete(hook.Path)).Should(204);
        await AddsLocation();
        Assert.Equal(created + 2, await Recorded());

        async Task AddsLocation() =>
            (
                await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Hall", timeZone = "Europe/Vienna" })
            ).Should(201);
        Task<long> Recorded() =>
            app.Owner.Scalar<long>(
                "select count(*) from messaging.wolverine_incoming_envelopes where message_type like '%LocationChanged%'"
            );
    }

    private static async Task MembersAsync(TestApp app, Group group)
    {
        var api = group.Owner.Api;
        var member = await group.AddsNewPerson("reception");
        var path = $"{group.Path}/members/{member.Id}";
        (await api.Put($"{path}/access", new { accessLevel = "manager" }, "*")).Should(204);
        (await api.Post($"{path}/deactivate")).Should(204);
        (await api.Post($"{path}/reactivate")).Should(204);
        await group.WelcomesNewPerson();
        foreach (var end in new[] { "reject", "withdraw" })
        {
            var person = await app.SignUpAndConfirm();
            var invitation = (await api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))).Should(
                201
            )["invitationId"];
            var ended =
                end == "reject"
                    ? await person.Api.Post($"/api/invitations/{invitation}/reject")
                    : await api.Post($"{group.Path}/invitations/{invitation}/withdraw");
            ended.Should(204);
        }
    }

    private static async Task LocationsAsync(Group group)
    {
        var api = group.Owner.Api;
        var body = new { name = "Hill", timeZone = "Europe/Vienna" };
        var path = $"{group.Path}/locations/{(await api.Post($"{group.Path}/locations", body)).Should(201).Id}";
        (await api.Put(path, new { name = "Top", timeZone = "Europe/Vienna" }, "*")).Should(204);
        (await api.Post($"{path}/archive")).Should(204);
        (await api.Post($"{path}/restore")).Should(204);
    }

    private static async Task RecordsAsync(TestApp app, Group group)
    {
        var api = group.Owner.Api;
        var person = await app.SignUpAndConfirm();
        var account = (await person.Api.Post("/api/portal/accounts", new { dateOfBirth = Born })).Should(201).Id;
        var body = new Dictionary<string, object?>
        {
            ["firstName"] = person.FirstName,
            ["lastName"] = "Moss",
            ["email"] = person.Email,
            ["dateOfBirth"] = Born,
        };
        var id = (await api.Post($"{group.Path}/patients", body)).Should(201).Id;
        var patient = $"{group.Path}/patients/{id}";
        body["phone"] = "0491 570 006";
        (await api.Put(patient, body, "*")).Should(204);
        (await api.Post($"{patient}/archive")).Should(204);
        (await api.Post($"{patient}/restore")).Should(204);
        (await api.Post($"{patient}/invite", new { })).Should(202);
        var token = (await app.Mail.WaitFor(person.Email, "patient portal")).Token;
        (await person.Api.Post("/api/portal/claims", new { token })).Should(204);
        var request = (
            await person.Api.Post(
                $"/api/portal/accounts/{account}/appointments",
                new { groupId = group.Id, startsAt = DateTimeOffset.UtcNow.AddDays(3) }
            )
        )
            .Should(201)
            .Id;
        (await api.Post($"{group.Path}/requests/{request}/decline")).Should(204);

        await AppointmentsAsync(app, group, patient);
        await BillingAsync(api, group, patient);
        await ClinicalAsync(api, patient);
        (await api.Post($"{patient}/unlink", new { reason = "The wrong person" })).Should(204);
    }

    private static async Task AppointmentsAsync(TestApp app, Group group, string patient)
    {
        var api = group.Owner.Api;
        var now = DateTimeOffset.UtcNow;
        var moved = await Book(now.AddDays(2));
        (await api.Put($"{group.Path}/appointments/{moved}", At(now.AddDays(4)), "*")).Should(204);
        (await api.Post($"{group.Path}/appointments/{moved}/cancel")).Should(204);
        var seen = await Book(now.AddDays(5));
        var missed = await Book(now.AddDays(6));
        foreach (var one in new[] { seen, missed })
            await app.Owner.Execute(
                """
                update portal.appointments
                set starts_at = now() - interval '1 hour', ends_at = now() - interval '30 minutes' where id = $1
                """,
                one
            );
        (await api.Post($"{group.Path}/appointments/{seen}/arrive")).Should(204);
        (await api.Post($"{group.Path}/appointments/{seen}/complete")).Should(204);
        (await api.Post($"{group.Path}/appointments/{missed}/no-show")).Should(204);

        async Task<Guid> Book(DateTimeOffset at) => (await api.Post($"{patient}/appointments", At(at))).Should(201).Id;

        object At(DateTimeOffset at) =>
            new
            {
                startsAt = at,
                endsAt = at.AddMinutes(30),
                practitionerId = group.Owner.Id,
                locationId = group.LocationId,
                reason = "clinicalword",
                allowOverlap = true,
            };
    }

    private static async Task BillingAsync(ApiClient api, Group group, string patient)
    {
        var invoice = (
            await api.Post(
                $"{patient}/invoices",
                new
                {
                    issuedOn = "2026-11-01",
                    dueOn = "2026-11-15",
                    currency = "AUD",
                    lines = new[]
                    {
                        new
                        {
                            description = "clinicalword",
                            quantity = 1,
                            unitPrice = "80.00",
                        },
                    },
                }
            )
        ).Should(201).Id;
        var path = $"{group.Path}/invoices/{invoice}";
        var payment = (
            await api.Post(
                $"{path}/payments",
                new
                {
                    amount = "50.00",
                    method = "card",
                    paidOn = "2026-11-20",
                }
            )
        ).Should(201).Id;
        (await api.Post($"{path}/payments/{payment}/reverse", new { reason = "Declined" })).Should(204);
        (await api.Post($"{path}/void", new { reason = "Twice" })).Should(204);
    }

    private static async Task ClinicalAsync(ApiClient api, string patient)
    {
        var record = (
            await api.Post(
                $"{patient}/clinical-records",
                new
                {
                    kind = "document",
                    title = "clinicalword",
                    body = "clinicalword",
                    recordedAt = "2026-11-01T10:00:00Z",
                    shared = false,
                }
            )
        ).Should(201).Id;
        var path = $"{patient}/clinical-records/{record}";
        (await api.Post($"{path}/amendments", new { text = "clinicalword" })).Should(201);
        (await api.Post($"{path}/share")).Should(204);
        (await api.Post($"{path}/withhold", new { reason = "clinicalword" })).Should(204);
        var file = new StringContent("clinicalword", new MediaTypeHeaderValue("application/octet-stream"));
        (await api.Post($"{path}/attachments?name=letter.txt", file)).Should(201);
    }

    /// <summary>The names of its fields, and what kind of value each has.</summary>
    private static string Shape(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => string.Join(
                ", ",
                element
                    .EnumerateObject()
                    .OrderBy(field => field.Name, StringComparer.Ordinal)
                    .Select(field => $"{field.Name} {{{Shape(field.Value)}}}")
            ),
            JsonValueKind.Array => $"[{string.Join("|", element.EnumerateArray().Select(Shape).Distinct())}]",
            JsonValueKind.True or JsonValueKind.False => "yes or no",
            JsonValueKind.String when element.TryGetGuid(out _) => "id",
            JsonValueKind.String when element.TryGetDateTime(out _) => "time",
            _ => $"text: {element}",
        };
}
