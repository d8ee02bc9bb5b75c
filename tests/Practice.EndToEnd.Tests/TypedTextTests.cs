namespace Practice.EndToEnd.Tests;

/// <summary>What a person types is not lost by a slip, a pause or the end of a session.</summary>
public sealed class TypedTextTests
{
    private const string Note = "Sleeps badly.\nKnee hurts on stairs.";

    [Fact]
    public async Task Leaving_a_form_with_something_typed_asks_and_a_saved_one_says_so_in_sight()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var records = $"/practice/{group.Id}/patients/{await AddPatientAsync(group)}/records";
        await using var screen = await site.OpenAsOwnerAsync(Device.DesktopAndPhoneDark, records);
        await screen.Link("Add record").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("dialog.modal")).ToBeVisibleAsync();
        await screen.Page.Keyboard.PressAsync("Escape"); // nothing is typed
        await Assertions.Expect(screen.Page.Locator("dialog.modal")).ToHaveCountAsync(0);
        await screen.Link("Add record").ClickAsync();
        await screen.Field("Title").FillAsync("Knee");
        await screen.Field("Text").FillAsync(Note);
        var asks = screen.Heading("Discard what you typed?");

        await screen.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(asks).ToBeVisibleAsync();
        await Assertions.Expect(screen.Button("Keep editing")).ToBeFocusedAsync();
        await screen.InspectAsync("discard");
        await screen.Page.Keyboard.PressAsync("Escape"); // keeps it
        await KeptAsync();
        foreach (
            var leave in new Func<Task>[]
            {
                () => screen.Page.Mouse.ClickAsync(5, 400), // beside the dialog
                () => screen.Link("Cancel").ClickAsync(),
                () => screen.Page.EvaluateAsync("history.back()"),
            }
        )
        {
            await leave();
            await Assertions.Expect(asks).ToBeVisibleAsync();
            await screen.Page.Keyboard.PressAsync("Enter");
            await KeptAsync();
        }

        var reload = new TaskCompletionSource<string>();
        screen.Page.Dialog += async (_, dialog) =>
        {
            reload.TrySetResult(dialog.Type);
            await dialog.DismissAsync();
        };
        await screen.Page.EvaluateAsync("setTimeout(() => location.reload(), 0)");
        Assert.Equal("beforeunload", await reload.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        await KeptAsync();

        // A date that is typed in part is not sent as if it were empty.
        await screen.Field("Date").FocusAsync();
        await screen.Page.Keyboard.PressAsync("Delete");
        await screen.Button("Save record").ClickAsync();
        await screen.SeesAsync("This is not a date. Enter a day, a month and a year.");
        await Assertions.Expect(screen.Field("Date")).ToBeFocusedAsync();
        await screen.InspectAsync("unreadable-date");
        await KeptAsync();
        await screen.Field("Date").FillAsync("2026-11-02");
        await screen.Button("Save record").ClickAsync();
        await SavedAsync("The record is saved.");

        await screen.GoAsync($"/practice/{group.Id}/settings/locations?add");
        await screen.Field("Name").FillAsync("Harbour");
        await screen.Page.GetByLabel("Address").FillAsync("12 Harbour St\nUnit 4");
        await screen.Button("Save").ClickAsync();
        await SavedAsync("Harbour is added.");
        await screen.InspectAsync("two-lines");
        await screen.Link("Add location").ClickAsync();
        await screen.Field("Name").FillAsync("Nowhere");
        await screen.Link("Cancel").ClickAsync();
        await screen.Button("Discard").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("dialog.modal")).ToHaveCountAsync(0);

        await screen.Page.SetViewportSizeAsync(360, 500);
        await screen.GoAsync($"/practice/{group.Id}/settings/practice");
        await screen.Button("Save").ClickAsync(); // at the end of the page
        await SavedAsync("Saved.");
        await screen.InspectAsync("saved");

        async Task KeptAsync()
        {
            await Assertions.Expect(asks).ToBeHiddenAsync();
            await Assertions.Expect(screen.Field("Text")).ToHaveValueAsync(Note);
            Assert.Contains("records?add", screen.Page.Url, StringComparison.Ordinal);
        }

        async Task SavedAsync(string text)
        {
            var message = screen.Page.Locator("#message", new() { HasText = text });
            await Assertions.Expect(message).ToBeFocusedAsync();
            await Assertions.Expect(message).ToBeInViewportAsync();
        }
    }

    [Fact]
    public async Task Typed_text_outlives_a_pause_and_a_session_and_comes_back_to_its_person()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var colleague = await group.AddsNewPerson("full");
        var records = $"/practice/{group.Id}/patients/{await AddPatientAsync(group)}/records?add";
        (
            await owner.Api.Change(
                group.Path,
                new
                {
                    name = group.Name,
                    reminders = new { enabled = true, hoursBefore = 24 },
                    invoices = new { currency = "AUD", dueAfterDays = 14 },
                    requireTwoFactor = false,
                    idleMinutes = 5,
                }
            )
        ).Should(204);
        await using var screen = await site.OpenAsync();
        await screen.Page.Clock.InstallAsync();
        await screen.SignInAsync(owner, records);
        await screen.Field("Title").FillAsync("Knee");
        await screen.Field("Text").FillAsync(Note);

        // The practice's idle limit, by the page's script.
        await screen.Page.Clock.FastForwardAsync("04:00");
        await screen.SeesAsync("Are you still there?");
        await screen.Page.Clock.FastForwardAsync("01:05");
        await Assertions.Expect(screen.Heading("Confirm it is you")).ToBeVisibleAsync();
        await screen.DoesNotSeeAsync("Knee");
        await screen.Field("Your password").FillAsync(owner.Password);
        await screen.Button("Continue").ClickAsync();
        await screen.SeesAsync("You have unsent text");
        await screen.InspectAsync("draft-offered");
        await screen.Link("Put it back").ClickAsync();
        await Assertions.Expect(screen.Field("Text")).ToHaveValueAsync(Note);
        await screen.SeesAsync("It is not saved yet.");
        await screen.InspectAsync("draft-put-back");

        // The session ends elsewhere, and a colleague signs in at this browser.
        (await (await owner.SignsInAgain()).Api.Post("/api/users/sign-out-everywhere")).Should(204);
        await screen.Button("Save record").ClickAsync();
        await screen.SeesAsync("Your session has ended. Sign in again to get back what you typed.");
        await screen.InspectAsync("sign-in-kept");
        await screen.SignInHereAsync(colleague.Email, colleague.Password);
        await Assertions.Expect(screen.Field("Title")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("Text")).ToHaveValueAsync("");
        await screen.DoesNotSeeAsync("unsent text");
        await screen.InspectAsync("draft-of-another");

        await screen.SignInAsync(owner, "/practice");
        await screen.SeesAsync("You have unsent text");
        await screen.Link("Put it back").ClickAsync();
        await Assertions.Expect(screen.Field("Text")).ToHaveValueAsync(Note);
        await screen.Button("Save record").ClickAsync();
        await screen.SeesAsync("The record is saved.");
        await screen.DoesNotSeeAsync("unsent text");
    }

    private static async Task<Guid> AddPatientAsync(Group group) => (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Moss",
                    dateOfBirth = "1950-01-02",
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;
}
