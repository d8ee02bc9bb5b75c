using System.Globalization;

namespace Practice.EndToEnd.Tests;

/// <summary>What can be done in the calendar, beside what a receptionist does there every day.</summary>
public sealed class CalendarStoryTests
{
    private const string Day = "2031-07-02"; // a Wednesday

    [Fact]
    public async Task An_appointment_is_booked_by_keyboard_moved_dragged_and_cancelled()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        var owner = group.Owner;
        await OpensFromEightToFive(group);
        var paula = await group.AddsMember("clinical", "practitioner", locations: group.LocationId);
        var first = await AddPatientAsync(group, "Featherstonehaugh-Montgomery");
        await AddPatientAsync(group, "Nguyen");
        await BookAsync(group, first, owner.Id, $"{Day}T09:00:00+10:00");
        await BookAsync(group, first, paula.Id, $"{Day}T09:15:00+10:00");

        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"/practice/{group.Id}/calendar?date={Day}"
        );
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(2);
        await Assertions.Expect(screen.Page.Locator(".calendar section")).ToHaveCountAsync(2);
        await screen.InspectAsync("calendar-day");
        // Where time is taken there is nothing to choose: 9:00 is free in neither column, 10:00 in both.
        await Assertions.Expect(Free("9:00 am")).ToHaveCountAsync(0);
        await Assertions.Expect(Free("10:00 am")).ToHaveCountAsync(2);

        // By keyboard: a free time, the patient's name, the one who is found.
        await screen.Page.Locator($"a[href*='with={owner.Id}']", new() { HasText = "10:00 am" }).FocusAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Heading("Book an appointment")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("Date")).ToHaveValueAsync(Day);
        await Assertions.Expect(screen.Field("Starts")).ToHaveValueAsync("10:00");
        await screen.InspectAsync("calendar-book");
        await screen.Page.GetByLabel("Patient", new() { Exact = true }).FocusAsync();
        await screen.Page.Keyboard.TypeAsync("Nguyen");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("input[name=patientId]")).ToHaveCountAsync(1);
        await screen.Field("Room (optional)").FillAsync("Room 2");

        // At seven the practice is closed, which a tick allows.
        await screen.Field("Starts").FillAsync("07:00");
        await screen.Button("Book").ClickAsync();
        await screen.SeesAsync("The location is not open at this time.");
        await screen.Field("At this time, on purpose").CheckAsync();
        await screen.Button("Book").ClickAsync();
        await screen.SeesAsync("Booked for Wed 2 Jul 2031, 7:00 am.");
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(3);

        // Moved by a form, with the tick this time.
        await Visit("Nguyen").ClickAsync();
        await Assertions.Expect(screen.Heading("Robin Nguyen")).ToBeVisibleAsync();
        await screen.Link("Move").ClickAsync();
        await Assertions.Expect(screen.Field("Room (optional)")).ToHaveValueAsync("Room 2");
        await screen.Field("Starts").FillAsync("09:30");
        await screen.Button("Move").ClickAsync();
        await screen.SeesAsync("The practitioner is already booked at this time.");
        await screen.Field("At the same time, on purpose").CheckAsync();
        await screen.InspectAsync("calendar-move");
        await screen.Button("Move").ClickAsync();
        await screen.SeesAsync("Moved to Wed 2 Jul 2031, 9:30 am.");
        await screen.InspectAsync("calendar-side-by-side");

        // Dragged to a free time of another practitioner: the form proposes it, and moves nothing by itself.
        await Visit("Nguyen")
            .DragToAsync(screen.Page.Locator($"a[href*='with={paula.Id}']", new() { HasText = "11:00 am" }));
        await Assertions.Expect(screen.Heading("Move the appointment of Robin Nguyen")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("Starts")).ToHaveValueAsync("11:00");
        await Assertions.Expect(screen.Field("Practitioner").Last).ToHaveValueAsync($"{paula.Id}");
        await screen.GoAsync($"/practice/{group.Id}/calendar?date={Day}");

        // A week of one practitioner.
        await screen.Link("Week").ClickAsync();
        await Assertions.Expect(screen.Page.Locator(".calendar section")).ToHaveCountAsync(7);
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(2);
        await screen.InspectAsync("calendar-week");

        // Cancelled with a reason, and the time is free again.
        await Visit("Nguyen").ClickAsync();
        await screen.Button("Cancel appointment").ClickAsync();
        await screen.Page.GetByLabel("Reason (optional)").FillAsync("The patient is abroad.");
        await screen
            .Page.Locator("dialog.confirm[open]")
            .GetByRole(AriaRole.Button, new() { Name = "Cancel appointment" })
            .ClickAsync();
        await screen.SeesAsync("The appointment is cancelled.");
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(1);
        await Assertions.Expect(screen.Page.Locator(".cancelled-visits li")).ToHaveCountAsync(1);

        ILocator Free(string time) =>
            screen.Page.GetByRole(AriaRole.Link, new() { Name = $"Book {time}", Exact = true });

        ILocator Visit(string name) => screen.Page.Locator(".visit a", new() { HasText = name }).First;
    }

    [Fact]
    public async Task Without_script_an_appointment_is_booked_from_a_free_time()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        await OpensFromEightToFive(group);
        await AddPatientAsync(group, "Nguyen");
        await using var screen = await site.OpenAsOwnerAsync(
            Device.NoScript,
            $"/practice/{group.Id}/calendar?date={Day}"
        );
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Book 10:00 am", Exact = true }).ClickAsync();
        await screen.Page.GetByLabel("Patient", new() { Exact = true }).FillAsync("Nguyen");
        await screen.Button("Find").ClickAsync();
        await screen.InspectAsync("calendar-book-plain");
        await screen.Button("Book").ClickAsync();
        await screen.SeesAsync("Booked for Wed 2 Jul 2031, 10:00 am.");
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(1);
    }

    private static async Task OpensFromEightToFive(Group group)
    {
        var hours = new[] { new { opens = "08:00", closes = "17:00" } };
        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{group.LocationId}",
                new
                {
                    name = "Main street",
                    timeZone = "Australia/Melbourne",
                    hours = new
                    {
                        monday = hours,
                        tuesday = hours,
                        wednesday = hours,
                        thursday = hours,
                        friday = hours,
                    },
                }
            )
        ).Should(204);
    }

    private static async Task<Guid> AddPatientAsync(Group group, string lastName) => (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Robin",
                    lastName,
                    dateOfBirth = "1990-05-06",
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;

    private static async Task BookAsync(Group group, Guid patient, Guid practitioner, string startsAt) =>
        (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{patient}/appointments",
                new
                {
                    practitionerId = practitioner,
                    locationId = group.LocationId,
                    startsAt,
                    endsAt = DateTimeOffset.Parse(startsAt, CultureInfo.InvariantCulture).AddMinutes(45),
                    reason = "Knee",
                    allowOutsideHours = true,
                }
            )
        ).Should(201);
}
