using Regex = System.Text.RegularExpressions.Regex;

namespace Practice.EndToEnd.Tests;

/// <summary>Actions of staff in the practice settings.</summary>
internal static class Staff
{
    public static string Users(this Group group) => $"/practice/{group.Id}/settings/users";

    /// <summary>A new member who never signs in, which saves four passwords' work.</summary>
    public static async Task<Person> AddsMember(
        this Group group,
        string accessLevel = "reception",
        string roleType = "administrator",
        string? name = null,
        Dictionary<string, bool>? settings = null,
        params Guid[] locations
    )
    {
        var (first, last) = name?.Split(' ') is [var one, var two] ? (one, two) : People.NewName();
        var (email, password) = (People.NewEmail(), People.NewPassword());
        var added = await group.Owner.Api.Post(
            $"{group.Path}/members",
            Group.Member(email, accessLevel, password, roleType, settings, locations, first, last)
        );
        var id = added.Should(201)["userId"].GetGuid();
        return new Person(group.Host, id, email, password, first, last, group.Host.Api);
    }

    /// <summary>The table row that contains this text.</summary>
    public static ILocator Row(this Screen screen, string text) =>
        screen.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    public static ILocator Dialog(this Screen screen, string title) =>
        screen.Page.GetByRole(AriaRole.Dialog, new() { Name = title });

    /// <summary>A radio button. Its name starts with this label and continues with the hint.</summary>
    public static ILocator Radio(this Screen screen, string name) =>
        screen
            .Page.GetByRole(AriaRole.Radio, new() { NameRegex = new Regex($"^{Regex.Escape(name)}") })
            .Filter(new() { Visible = true });

    /// <summary>The switch of the chosen level. The others are hidden.</summary>
    public static ILocator Switch(this Screen screen, string setting) =>
        screen.Page.GetByRole(AriaRole.Switch, new() { Name = setting }).Filter(new() { Visible = true });

    public static async Task SeesStatusAsync(this Screen screen, string part) =>
        await Assertions
            .Expect(screen.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = part }))
            .ToBeVisibleAsync();

    public static async Task SeesErrorAsync(this Screen screen, string part) =>
        await Assertions
            .Expect(screen.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = part }))
            .ToBeVisibleAsync();

    /// <summary>The rejected field has the focus; it and its error are in sight, not under what is sticky.</summary>
    public static async Task SeesFocusAsync(this Screen screen, ILocator field)
    {
        await Assertions.Expect(field).ToBeFocusedAsync();
        Assert.True(
            await field.EvaluateAsync<bool>(
                """
                field => [field, field.parentElement.querySelector('.error')].every(part => {
                    const box = part.getBoundingClientRect();
                    return part.contains(document.elementFromPoint(box.x + box.width / 2, box.y + 2));
                })
                """
            ),
            $"{field} or its error is covered."
        );
    }

    /// <summary>Signs up, confirms the email, and signs in.</summary>
    public static async Task SignsUpAsync(
        this Screen screen,
        Site site,
        string firstName,
        string lastName,
        string email,
        string password
    )
    {
        await screen.GoAsync("/sign-up");
        await screen.Field("First name").FillAsync(firstName);
        await screen.Field("Last name").FillAsync(lastName);
        await screen.Field("Email").FillAsync(email);
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Create account").ClickAsync();
        var mail = await site.Host.Mail.WaitFor(email, mail => mail.Token is not null);
        await screen.GoAsync(mail.Link!);
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Confirm my email").ClickAsync();
        await screen.SeesAsync("Please sign in.");
        await screen.SignInHereAsync(email, password);
        await screen.WaitForUrlAsync(url => url.EndsWith("/practice", StringComparison.Ordinal));
    }

    /// <summary>Creates a practice on the page of practices.</summary>
    public static async Task CreatesPracticeAsync(this Screen screen, string name, string roleType, string location)
    {
        await screen.Link("Create a practice").ClickAsync();
        await screen.Field("Name of the practice").FillAsync(name);
        await screen.Radio(roleType).CheckAsync();
        await screen.Field("Name of the location").FillAsync(location);
        await screen.Field("Time zone").FillAsync("Australia/Melbourne");
        await screen.Button("Create practice").ClickAsync();
        await screen.SeesStatusAsync($"{name} is created");
    }

    /// <summary>Fills in the dialog from top to bottom.</summary>
    public static async Task FillsAddUserAsync(
        this Screen screen,
        string firstName,
        string lastName,
        string roleType,
        string profession,
        string email,
        string? password,
        string level,
        string? location = null
    )
    {
        await screen.Field("First name").FillAsync(firstName);
        await screen.Field("Last name").FillAsync(lastName);
        await screen.Radio(roleType).CheckAsync();
        await screen.Field("Profession").SelectOptionAsync(new SelectOptionValue { Label = profession });
        await screen.Field("Email").FillAsync(email);
        await screen.Field("Confirm Email").FillAsync(email);
        await screen.Field("Password (optional)").FillAsync(password ?? "");
        await screen.Field("Confirm Password (optional)").FillAsync(password ?? "");
        await screen.Radio(level).CheckAsync();
        if (location is not null)
            await screen.Field(location).CheckAsync();
    }

    public static async Task<Guid> GroupIdAsync(this Screen screen)
    {
        await screen.WaitForUrlAsync(url =>
            url.Contains("/practice/", StringComparison.Ordinal) && !url.EndsWith("/new", StringComparison.Ordinal)
        );
        return Guid.Parse(new Uri(screen.Page.Url).Segments[2].TrimEnd('/'));
    }
}
