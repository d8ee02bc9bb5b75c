using System.Globalization;

namespace Practice.EndToEnd.Tests;

/// <summary>What the stories of a working day share: a practice that is open, and how a day begins and ends.</summary>
internal static class WorkingDay
{
    /// <summary>A Wednesday far ahead, when nothing is booked yet.</summary>
    public const string LaterDay = "2031-07-02";

    /// <summary>Where it is day now: an appointment of this minute is still today's at the end of the story.</summary>
    private static readonly string Zone = DateTime.UtcNow.Hour is < 10 or >= 21
        ? "Australia/Melbourne"
        : "Europe/London";

    /// <summary>That day at this hour, where the practice is.</summary>
    public static DateTimeOffset Later(int hour)
    {
        var at = new DateTime(2031, 7, 2, hour, 0, 0);
        return new(at, TimeZoneInfo.FindSystemTimeZoneById(Zone).GetUtcOffset(at));
    }

    /// <summary>Signs in at the start page and waits for the page where the person's day begins.</summary>
    public static async Task<Screen> BeginsTheDay(this Site site, string device, Person person, string heading)
    {
        var screen = await site.OpenAsync(Screens.Named(device));
        await screen.SignInAsync(person);
        await Assertions.Expect(screen.Heading(heading)).ToBeVisibleAsync();
        return screen;
    }

    public static async Task EndsTheDay(this Screen screen)
    {
        await screen.SignOutAsync();
        await screen.SeesAsync("You are signed out.");
    }

    /// <summary>Opens a page from the practice's menu.</summary>
    public static async Task OpensAsync(this Screen screen, string page, string? heading = null)
    {
        await screen
            .Page.Locator("nav.side")
            .GetByRole(AriaRole.Link, new() { Name = page, Exact = true })
            .ClickAsync();
        await Assertions.Expect(screen.Heading(heading ?? page)).ToBeVisibleAsync();
    }

    /// <summary>The file that this link downloads, as text. It begins with what its format begins with.</summary>
    public static async Task<string> DownloadsAsync(this Screen screen, ILocator link, string begins)
    {
        var download = await screen.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.StartsWith(begins, text, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Every day from eight to five, where it is day now.</summary>
    public static async Task OpensFromEightToFive(this Group group)
    {
        var day = new[] { new { opens = "08:00", closes = "17:00" } };
        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{group.LocationId}",
                new
                {
                    name = "Main street",
                    timeZone = Zone,
                    hours = new
                    {
                        monday = day,
                        tuesday = day,
                        wednesday = day,
                        thursday = day,
                        friday = day,
                        saturday = day,
                        sunday = day,
                    },
                }
            )
        ).Should(204);
    }

    public static async Task<Guid> AddsPractitioner(this Group group, string name) =>
        (await group.AddsMember("clinical", "practitioner", name, locations: group.LocationId)).Id;

    /// <summary>An access level of the practice's own, for administrators who also see to invoices.</summary>
    public static async Task<string> AddsLevel(this Group group, string name) => (
            await group.Owner.Api.Post(
                $"{group.Path}/access-levels",
                new
                {
                    name,
                    roleType = "administrator",
                    settings = new
                    {
                        othersPatients = true,
                        othersCalendars = true,
                        othersInvoices = true,
                    },
                }
            )
        ).Should(201).Id.ToString();

    public static async Task<Guid> AddsPatient(this Group group, string firstName, string lastName) => (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName,
                    lastName,
                    dateOfBirth = PortalSetup.Born,
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;

    /// <summary>Half an hour, as often at the same time as the story needs.</summary>
    public static async Task Books(
        this Group group,
        Guid patient,
        Guid practitioner,
        DateTimeOffset startsAt,
        string reason
    ) =>
        (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{patient}/appointments",
                new
                {
                    practitionerId = practitioner,
                    locationId = group.LocationId,
                    startsAt,
                    endsAt = startsAt.AddMinutes(30),
                    reason,
                    allowOverlap = true,
                    allowOutsideHours = true,
                }
            )
        ).Should(201);

    /// <summary>119.50 AUD with tax, under the practice's next number.</summary>
    public static async Task<Guid> IssuesInvoice(this Group group, Guid patient, Guid? practitioner = null) => (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{patient}/invoices",
                new
                {
                    issuedOn = Today,
                    dueOn = Today,
                    currency = "AUD",
                    practitionerId = practitioner,
                    locationId = group.LocationId,
                    lines = new object[]
                    {
                        new
                        {
                            description = "First consultation",
                            quantity = 1,
                            unitPrice = "100",
                            taxRate = 10,
                        },
                        new
                        {
                            description = "Tape",
                            quantity = 1,
                            unitPrice = "9.50",
                        },
                    },
                }
            )
        ).Should(201).Id;

    public static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
