using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;

namespace Practice.EndToEnd.Tests;

/// <summary>
/// A person's browser. The test fails for every browser error: JavaScript errors, violations of the content security
/// policy, missing files.
/// </summary>
internal sealed partial class Screen : IAsyncDisposable
{
    /// <summary>The pages that axe has checked, by colour scheme. Each is checked once.</summary>
    private static readonly ConcurrentDictionary<(string Page, bool Dark), bool> Examined = new();

    private static readonly Lazy<string> Axe = new(() => new BundledAxeScriptProvider().GetScript());

    private readonly ConcurrentQueue<string> _errors = new();

    private Screen(IPage page, Device device) => (Page, Device) = (page, device);

    public IPage Page { get; }

    public Device Device { get; }

    /// <summary>
    /// The folder for screenshots, if the variable names one, from the root of the repository. A run that nobody looks
    /// at takes none.
    /// </summary>
    private static string? Pictures { get; } =
        Environment.GetEnvironmentVariable("PRACTICE_SCREENSHOTS") is { Length: > 0 } folder
            ? Directory.CreateDirectory(Path.Combine(Checkout.Folder, folder)).FullName
            : null;

    public static Task<Screen> OpenAsync(IPage page, Device device)
    {
        var screen = new Screen(page, device);
        page.Console += (_, message) =>
        {
            // A rejected form has the API's 4xx status, which the browser logs as an error.
            if (
                message.Type is "error"
                && !message.Text.StartsWith(
                    "Failed to load resource: the server responded with a status of 4",
                    StringComparison.Ordinal
                )
            )
                screen._errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => screen._errors.Enqueue(error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 500)
                screen._errors.Enqueue($"{response.Status} {response.Url}");
        };
        return Task.FromResult(screen);
    }

    public Task GoAsync(string path) => Page.GotoAsync(path);

    /// <summary>From now on, time passes only by <see cref="IClock.RunForAsync(long)"/>.</summary>
    public async Task StopsTheClockAsync()
    {
        await Page.Clock.InstallAsync();
        await Page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1));
    }

    public ILocator Field(string label) => Page.GetByLabel(label, new() { Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Heading(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text, Exact = true });

    /// <summary>Waits until this text is visible.</summary>
    public Task SeesAsync(string text) =>
        Assertions.Expect(Page.GetByText(text).Filter(new() { Visible = true }).First).ToBeVisibleAsync();

    public Task DoesNotSeeAsync(string text) =>
        Assertions.Expect(Page.GetByText(text).Filter(new() { Visible = true })).ToHaveCountAsync(0);

    public async Task SignInAsync(Person person, string path = "/")
    {
        await GoAsync($"/sign-in?to={Uri.EscapeDataString(path)}");
        await SignInHereAsync(person.Email, person.Password);
        await WaitForUrlAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    /// <summary>Signs in on the current page. The caller waits for the next page.</summary>
    public async Task SignInHereAsync(string email, string password)
    {
        await Field("Email").FillAsync(email);
        await Field("Password").FillAsync(password);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>
    /// Waits for the address. The caller waits for the content, since enhanced navigation loads no document.
    /// </summary>
    public Task WaitForUrlAsync(Func<string, bool> there) =>
        there(Page.Url) // a page that has come already never commits again, and Playwright would wait for that
            ? Task.CompletedTask
            : Page.WaitForURLAsync(there, new() { WaitUntil = WaitUntilState.Commit });

    /// <summary>Signs out through the menu.</summary>
    public async Task SignOutAsync()
    {
        await Page.Locator("summary[aria-label='Your account']").ClickAsync();
        await Page.Locator(".menu-list").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await WaitForUrlAsync(url => url.Contains("/sign-in", StringComparison.Ordinal));
    }

    /// <summary>
    /// Checks the current page: fails for violations of axe's rules (WCAG 2.2 AA), a page wider than the screen,
    /// template code in the text, and browser errors. Takes a screenshot if <c>PRACTICE_SCREENSHOTS</c> names a folder.
    /// </summary>
    /// <param name="page">Its name, such as <c>users-add</c>.</param>
    public async Task InspectAsync(string page, [CallerMemberName] string test = "")
    {
        await InspectAsAsync(Device, page, test);
        if (Device.Also is not { } other)
            return;
        await TurnIntoAsync(other);
        await InspectAsAsync(other, page, test);
        await TurnIntoAsync(Device);
    }

    private async Task InspectAsAsync(Device device, string page, string test)
    {
        Assert.True(_errors.IsEmpty, $"{test}, {page}: {string.Join(Environment.NewLine, _errors)}");
        if (device.Script)
            await IsLaidOutAsync(device.Dark);
        if (Pictures is not null)
            await TakePictureAsync(Path.Combine(Pictures, $"{page}.{device}.png"), device.Script);
        var text = await Page.Locator("body").TextContentAsync() ?? "";
        Assert.False(TemplateCode().IsMatch(text), $"{test}, {page} ({device}) shows template code: {text}");
        if (!device.Script)
            return; // axe and the measurements need JavaScript

        if (Examined.TryAdd((page, device.Dark), true))
            await ExamineAsync($"{test}, {page} ({device})", Examined.ContainsKey((page, !device.Dark)));
        var wider = await Page.EvaluateAsync<int>(
            """
            Math.max(...[document.documentElement, ...document.querySelectorAll('dialog[open]')]
                .map(part => part.scrollWidth - part.clientWidth))
            """
        );
        Assert.True(wider <= 0, $"{test}, {page} ({device}) is {wider} px wider than the screen.");
    }

    /// <summary>
    /// The whole page from its top, for sticky elements; a dialog is captured at the size of the screen.
    /// </summary>
    private async Task TakePictureAsync(string path, bool script)
    {
        var whole =
            !script
            || await Page.EvaluateAsync<bool>(
                "() => { scrollTo(0, 0); return document.querySelector('dialog:modal') === null; }"
            );
        await Page.ScreenshotAsync(new() { Path = path, FullPage = whole });
    }

    private async Task TurnIntoAsync(Device device)
    {
        await Page.SetViewportSizeAsync(device.Width, device.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = device.Colours });
    }

    /// <summary>
    /// Waits until the page has its styles, and is laid out in this scheme: a check that runs into the change sees
    /// both.
    /// </summary>
    private async Task IsLaidOutAsync(bool dark) =>
        await Page.EvaluateAsync(
            """
            async ([width, dark]) => {
                const frame = () => new Promise(requestAnimationFrame);
                const ready = () => innerWidth === width
                    && matchMedia('(prefers-color-scheme: dark)').matches === dark
                    && [...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet);
                for (let frames = 0; frames < 600 && !ready(); frames++)
                    await frame();
                await frame();
                await frame();
            }
            """,
            new object[] { Page.ViewportSize!.Width, dark }
        );

    /// <summary>
    /// Runs axe in the page. There are no frames, and enhanced navigation keeps the script.
    /// </summary>
    /// <param name="coloursOnly">Whether only the colours are new: the page was checked in the other scheme.</param>
    private async Task ExamineAsync(string what, bool coloursOnly)
    {
        if (await Page.EvaluateAsync<bool>("typeof axe === 'undefined'"))
            await Page.EvaluateAsync(Axe.Value);
        var violations = await Page.EvaluateAsync<string[]>(
            """
            async coloursOnly => (await axe.run(document, {
                runOnly: coloursOnly
                    ? ['color-contrast', 'link-in-text-block']
                    : {
                        type: 'tag',
                        values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                    },
                resultTypes: ['violations'],
            })).violations.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.html).join(' | ')}`)
            """,
            coloursOnly
        );
        Assert.True(violations.Length == 0, string.Join(Environment.NewLine, [what, .. violations]));
    }

    [GeneratedRegex(@"@(if|foreach|for|switch)? ?\(")]
    private static partial Regex TemplateCode();

    /// <summary>Errors after the last inspection fail the test too.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        foreach (var error in _errors)
            NoBrowserErrorsAttribute.Add(error);
    }
}
