namespace Practice.EndToEnd.Tests;

/// <summary>An owner has another system told what happens in the practice.</summary>
public sealed class WebhookStoryTests
{
    [Fact]
    public async Task An_owner_adds_a_webhook_tests_it_changes_its_secret_and_deletes_it()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await screen.SignInAsync(owner, $"/practice/{group.Id}/settings/practice");
        await screen.Link("Webhooks").ClickAsync();
        await screen.SeesAsync("No webhooks yet");
        await screen.InspectAsync("webhooks-none");

        await screen.Button("Add webhook").ClickAsync();
        await screen.SeesErrorAsync("URL: This field is required.");
        await screen.SeesErrorAsync("Events: Choose at least one event.");
        await screen.Field("URL").FillAsync("http://127.0.0.1:9/practice?key=1"); // nothing listens there
        await screen.Field("location.created").CheckAsync();
        await screen.Button("Add webhook").ClickAsync();
        await screen.SeesAsync("It is shown only now.");
        await Assertions.Expect(screen.Page.Locator("#secret")).ToContainTextAsync("whsec_");
        await screen.InspectAsync("webhook-secret");
        await screen.Link("Done").ClickAsync();
        await Assertions.Expect(screen.Heading("127.0.0.1")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.GetByText("whsec_")).ToHaveCountAsync(0);

        await screen.Button("Send a test").ClickAsync();
        await screen.SeesStatusAsync("A test is on its way.");
        await screen.Link("Refresh").ClickAsync();
        await Eventually.Is(async () =>
        {
            await screen.Page.ReloadAsync(); // whole: a refresh under way would turn the switch on again
            return await screen.Page.GetByText("Could not be reached").CountAsync() > 0;
        });
        await screen.InspectAsync("webhook");

        await screen.Page.GetByRole(AriaRole.Switch, new() { Name = "Send events" }).UncheckAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        await Assertions.Expect(screen.Row("webhook.test")).ToContainTextAsync("Failed");

        await screen.Button("Make a new secret").ClickAsync();
        await screen.SeesAsync("each delivery is signed with");
        await screen.Link("Done").ClickAsync();
        await screen.Button("Delete the webhook").ClickAsync();
        await screen
            .Page.Locator("dialog[open]")
            .GetByRole(AriaRole.Button, new() { Name = "Delete the webhook" })
            .ClickAsync();
        await screen.SeesStatusAsync("The webhook is deleted.");
        await screen.SeesAsync("No webhooks yet");
    }

    [Fact]
    public async Task A_receiver_that_took_nothing_is_left_alone_for_a_while_and_the_page_says_until_when()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var made = (
            await owner.Api.Post(
                $"{group.Path}/webhooks",
                new { url = "http://127.0.0.1:9/", events = new[] { "location.created" } }
            )
        ).Should(201);
        foreach (var name in new[] { "North", "South", "East" })
            (await owner.Api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" })).Should(201);
        var hook = $"{group.Path}/webhooks/{made.Id}";
        await Eventually.Is(async () =>
            (await owner.Api.Get(hook)).Should(200)["pausedUntil"].ValueKind == System.Text.Json.JsonValueKind.String
        );

        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await screen.SignInAsync(owner, $"/practice/{group.Id}/settings/webhooks/{made.Id}");
        await screen.SeesAsync("The receiver failed again and again.");
        await screen.InspectAsync("webhook-paused");
    }
}
