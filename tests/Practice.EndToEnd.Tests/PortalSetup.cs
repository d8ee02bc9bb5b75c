using System.Globalization;

namespace Practice.EndToEnd.Tests;

/// <summary>
/// Portal users and a practice, created over HTTP before the browser test.
/// </summary>
internal static class PortalSetup
{
    public const string Born = "1985-04-12";

    public static async Task<Person> SignsUp(
        this RunningHost host,
        string firstName,
        string lastName,
        string? email = null
    )
    {
        email ??= $"{firstName}.{lastName}.{Guid.NewGuid():n}"[..30].ToLowerInvariant() + "@practice.test";
        var password = People.NewPassword();
        (
            await host.Api.Post(
                "/api/users/sign-up",
                new
                {
                    firstName,
                    lastName,
                    email,
                    password,
                }
            )
        ).Should(201);
        var mail = await host.Mail.WaitFor(
            email,
            mail => mail.Token is not null && mail.Text.Contains("confirm-email", StringComparison.Ordinal),
            $"the confirmation mail to {email}"
        );
        (await host.Api.Post("/api/users/confirm-email", new { token = mail.Token })).Should(204);
        var api = await host.SignIn(email, password);
        return new Person(
            host,
            (await api.Get("/api/users/me")).Should(200).Id,
            email,
            password,
            firstName,
            lastName,
            api
        );
    }

    /// <summary>The person's own portal account.</summary>
    public static async Task<Guid> OpensPortal(this Person person, string dateOfBirth = Born) =>
        (await person.Api.Post("/api/portal/accounts", new { dateOfBirth })).Should(201).Id;

    public static async Task<Guid> AddsDependant(
        this Person person,
        string firstName,
        string lastName,
        string dateOfBirth
    ) => (
            await person.Api.Post(
                "/api/portal/dependants",
                new
                {
                    firstName,
                    lastName,
                    dateOfBirth,
                    relationship = "parent",
                }
            )
        ).Should(201)["accountId"].GetGuid();

    public static string Name(this Person person) => $"{person.FirstName} {person.LastName}";

    /// <summary>Requests access to another person's account and gets it.</summary>
    public static async Task<Guid> IsGrantedAccess(
        this Person person,
        Person holder,
        Guid account,
        string role,
        string level
    )
    {
        (await person.Api.Post("/api/portal/access-requests", new { email = holder.Email, role })).Should(202);
        var grant = await holder.SeesPending(account, person);
        (
            await holder.Api.Change(
                $"/api/portal/accounts/{account}/access/{grant}",
                new
                {
                    status = "current",
                    role,
                    level,
                }
            )
        ).Should(204);
        return grant;
    }

    /// <summary>The pending grant of the person who requested access, as soon as the holder sees it.</summary>
    public static async Task<Guid> SeesPending(this Person holder, Guid account, Person asking) =>
        Guid.Parse(
            await Eventually.Get(async () =>
                (await holder.Api.GetAll($"/api/portal/accounts/{account}/access"))
                    .Where(grant => grant.GetProperty("email").GetString() == asking.Email)
                    .Select(grant => grant.GetProperty("grantId").GetString())
                    .FirstOrDefault()
            )
        );

    /// <summary>A patient of the clinic with a linked portal account and records.</summary>
    public static async Task<(Person Person, Guid Account)> Patient(
        this PortalClinic clinic,
        string firstName,
        string lastName
    )
    {
        var person = await clinic.Group.Host.SignsUp(firstName, lastName);
        var (account, patient) = await clinic.Links(person);
        await clinic.AddsRecords(patient);
        return (person, account);
    }

    /// <summary>A portal account of this person, linked with a new patient of the clinic.</summary>
    public static async Task<(Guid Account, Guid Patient)> Links(this PortalClinic clinic, Person person)
    {
        var account = await person.OpensPortal();
        var patient = await clinic.AddsPatient(person.FirstName, person.LastName, Born, person.Email);
        (
            await person.Api.Post(
                "/api/portal/claims",
                new { token = (await clinic.Invites(patient, person.Email)).Token }
            )
        ).Should(204);
        return (account, patient);
    }
}

/// <summary>A practice whose owner sees patients.</summary>
internal sealed record PortalClinic(Group Group)
{
    private ApiClient Api => Group.Owner.Api;

    public static async Task<PortalClinic> New(Site site, string name) =>
        new(await site.NewGroupAsync(name, "practitioner", "physiotherapist"));

    public async Task<Guid> AddsPatient(string firstName, string lastName, string dateOfBirth, string? email = null) =>
        (
            await Api.Post(
                $"{Group.Path}/patients",
                new
                {
                    firstName,
                    lastName,
                    dateOfBirth,
                    email,
                }
            )
        ).Should(201).Id;

    /// <summary>Invites the patient or their guardian; returns the email.</summary>
    public async Task<Mail> Invites(Guid patient, string email, bool guardian = false)
    {
        (
            await Api.Post(
                $"{Group.Path}/patients/{patient}/invite",
                guardian ? new { guardianEmail = email } : new { }
            )
        ).Should(202);
        return await Group.Host.Mail.WaitFor(email, mail =>
            mail.Text.Contains("portal/claim", StringComparison.Ordinal)
            && mail.Text.Contains(Group.Name, StringComparison.Ordinal)
        );
    }

    /// <summary>
    /// Two appointments in different time zones, an invoice, and a clinical record with a marker word.
    /// </summary>
    public async Task AddsRecords(Guid patient)
    {
        var far = (await Api.Post($"{Group.Path}/locations", new { name = "West coast", timeZone = "Australia/Perth" }))
            .Should(201)
            .Id;
        (await Api.Change($"{Group.Path}/locations/{far}/members", new { userIds = new[] { Group.Owner.Id } })).Should(
            204
        );
        foreach (var (days, location) in new[] { (30, far), (3, Group.LocationId) })
        {
            var startsAt = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(days).AddHours(1), TimeSpan.Zero);
            (
                await Api.Post(
                    $"{Group.Path}/patients/{patient}/appointments",
                    new
                    {
                        startsAt,
                        endsAt = startsAt.AddMinutes(30),
                        practitionerId = Group.Owner.Id,
                        locationId = location,
                        reason = "clinicalword: sore knee",
                    }
                )
            ).Should(201);
        }

        (
            await Api.Post(
                $"{Group.Path}/patients/{patient}/invoices",
                new
                {
                    number = $"INV-{Guid.NewGuid():n}"[..12],
                    issuedOn = "2026-11-01",
                    dueOn = "2026-11-15",
                    currency = "AUD",
                    lines = new[]
                    {
                        new
                        {
                            description = "Consultation, long",
                            quantity = 1.5m,
                            unitPrice = "80.10",
                        },
                    },
                }
            )
        ).Should(201);
        (
            await Api.Post(
                $"{Group.Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "letter",
                    title = "clinicalword: letter to the surgeon",
                    body = "clinicalword: knee examined.\n\nExercises twice a day, and again in a month.",
                    recordedAt = "2026-11-01T10:00:00Z",
                    shared = true,
                }
            )
        ).Should(201);
    }

    /// <summary>Confirms the appointment request from the portal.</summary>
    public async Task Confirms()
    {
        var request = await Eventually.Get(async () =>
            (await Api.Get($"{Group.Path}/requests?kind=appointment&status=open"))
                .Items.Select(item => item.GetProperty("id").GetString())
                .FirstOrDefault()
        );
        (
            await Api.Post(
                $"{Group.Path}/requests/{request}/confirm",
                new { practitionerId = Group.Owner.Id, locationId = Group.LocationId }
            )
        ).Should(204);
    }

    public async Task<string?> LastRequestOf(string kind) =>
        (await Api.Get($"{Group.Path}/requests?kind={kind}"))
            .Items.Select(item =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{item.GetProperty("sentByName")} for {item.GetProperty("actingFor")}"
                )
            )
            .FirstOrDefault();
}

internal static class PortalScreens
{
    /// <summary>
    /// Opens the link of an email at this host; with a random port, the host does not know its own address.
    /// </summary>
    public static Task OpensLink(this Screen screen, Mail mail) =>
        screen.GoAsync(
            new Uri(
                mail.Text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
                    .First(word => word.StartsWith("http", StringComparison.Ordinal))
            ).PathAndQuery
        );

    /// <summary>Switches to another person's record at the top right.</summary>
    public static async Task SwitchesTo(this Screen screen, string name)
    {
        await screen.Page.Locator(".switcher > summary").ClickAsync();
        await screen.Page.Locator(".switcher .menu-list a").Filter(new() { HasText = name }).ClickAsync();
        await Assertions.Expect(screen.Page.Locator(".switcher > summary")).ToContainTextAsync(name);
    }

    public static ILocator Radio(this Screen screen, string group, string option) =>
        screen
            .Page.GetByRole(AriaRole.Radiogroup, new() { Name = group })
            .GetByRole(AriaRole.Radio, new() { NameRegex = new($"^{option}") });

    /// <summary>The list row that contains this text.</summary>
    public static ILocator Item(this Screen screen, string text) =>
        screen.Page.Locator("tr, li, article").Filter(new() { HasText = text }).Last;

    /// <summary>Neither visible nor hidden content contains this text.</summary>
    public static async Task DoesNotContain(this Screen screen, string text) =>
        Assert.DoesNotContain(text, await screen.Page.ContentAsync(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Presses Tab until the element has the focus.</summary>
    public static async Task TabsTo(this Screen screen, ILocator element, int most = 60)
    {
        for (var presses = 0; presses < most; presses++)
        {
            if (await element.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await screen.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Not reached by {most} presses of Tab: {element}");
    }
}
