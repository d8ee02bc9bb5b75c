using System.Net;
using System.Net.Sockets;

namespace Practice.EndToEnd.Tests;

/// <summary>
/// The real host in its own process and a real browser, shared by all tests.
/// </summary>
internal sealed class Site
{
    private static readonly Lazy<Task<Site>> Shared = new(StartAsync);

    private readonly IBrowser _browser;
    private readonly Lazy<Task<Person>> _owner;
    private readonly Lock _signingIn = new();
    private (DateTime At, Task<string> Cookies)? _ownersSession;
    private (DateTime At, Task<Person> Owner)? _ownerByApi;

    private Site(HostProcess host, IBrowser browser, TestIssuer issuer)
    {
        (Host, _browser, Issuer) = (host, browser, issuer);
        _owner = new(() => Host.SignUpAndConfirm());
    }

    /// <summary>The host, with its emails and the API for test data.</summary>
    public HostProcess Host { get; }

    /// <summary>Its identity provider <c>contoso</c>.</summary>
    public TestIssuer Issuer { get; }

    /// <summary>The same host under a name: browsers have no passkeys at an address of numbers.</summary>
    public Uri NamedUrl => new UriBuilder(Host.Url) { Host = "localhost" }.Uri;

    public static Task<Site> StartedAsync() => Shared.Value;

    /// <summary>
    /// A new practice of the shared owner, so that not every test waits for a sign-up. The owner proved who they are
    /// less than two minutes ago.
    /// </summary>
    public async Task<Group> NewGroupAsync(
        string? name = null,
        string roleType = "administrator",
        string? profession = null
    ) => await (await Owner()).CreatesGroup(name, roleType, profession);

    /// <summary>
    /// A browser of the shared owner, at this page, who proved who they are less than two minutes ago.
    /// </summary>
    public async Task<Screen> OpenAsOwnerAsync(Device device, string path)
    {
        var screen = await OpenAsync(device, await OwnersSession());
        await screen.GoAsync(path);
        return screen;
    }

    /// <summary>Opens a new browser.</summary>
    /// <param name="session">The cookies of a browser that is already signed in.</param>
    /// <param name="url">Where pages are opened; the host's own URL when null.</param>
    public async Task<Screen> OpenAsync(Device? device = null, string? session = null, Uri? url = null)
    {
        device ??= Device.Desktop;
        var context = await _browser.NewContextAsync(
            new()
            {
                BaseURL = (url ?? Host.Url).ToString(),
                ViewportSize = new() { Width = device.Width, Height = device.Height },
                DeviceScaleFactor = 1,
                ColorScheme = device.Colours,
                ReducedMotion = ReducedMotion.Reduce,
                JavaScriptEnabled = device.Script,
                Locale = "en-AU",
                StorageState = session,
            }
        );
        context.SetDefaultTimeout(30_000);
        Assertions.SetDefaultExpectTimeout(20_000); // for busy machines
        return await Screen.OpenAsync(await context.NewPageAsync(), device);
    }

    private Task<Person> Owner() =>
        OfTheLastMinutes(ref _ownerByApi, async () => await (await _owner.Value).SignsInAgain());

    private Task<string> OwnersSession() => OfTheLastMinutes(ref _ownersSession, SignOwnerInAsync);

    private Task<T> OfTheLastMinutes<T>(ref (DateTime At, Task<T> Task)? last, Func<Task<T>> signIn)
    {
        lock (_signingIn)
        {
            if (last is not { } session || DateTime.UtcNow - session.At > TimeSpan.FromMinutes(2))
                last = session = (DateTime.UtcNow, signIn());
            return session.Task;
        }
    }

    private async Task<string> SignOwnerInAsync()
    {
        await using var screen = await OpenAsync();
        await screen.SignInAsync(await _owner.Value);
        return await screen.Page.Context.StorageStateAsync();
    }

    /// <summary>Passkeys belong to an origin, so the host must know its port before it starts.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Site> StartAsync()
    {
        var (port, issuer) = (FreePort(), await TestIssuer.StartAsync());
        var host = await HostProcess.StartAsync(
            TestFolder.New("site"),
            new Dictionary<string, string?>(issuer.SettingsFor(0, "contoso"))
            {
                // A copy: the host's own server has tests of its own.
                ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["PublicUrl"] = $"http://localhost:{port}",
                // Text messages are offered; nothing listens there.
                ["Sms:Url"] = "http://127.0.0.1:9",
                ["Sms:Account"] = "account",
                ["Sms:Token"] = "token",
                ["Sms:From"] = "+61400000000",
                ["Webhooks:AllowPrivateNetworks"] = "true",
            }
        );
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Chromium.Find(),
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    // One site: one process for its pages, and none for the GPU, is a sixth less work.
                    "--process-per-site",
                    "--disable-site-isolation-trials",
                    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess",
                    "--in-process-gpu",
                ],
            }
        );
        AppDomain.CurrentDomain.ProcessExit += (_, _) => host.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(5));
        return new Site(host, browser, issuer);
    }
}

/// <summary>A browser window.</summary>
/// <param name="Also">A second device for each screenshot of the same page.</param>
internal sealed record Device(
    string Name,
    int Width,
    int Height,
    bool Dark = false,
    bool Script = true,
    Device? Also = null
)
{
    public static readonly Device Desktop = new("desktop", 1280, 800);
    public static readonly Device DesktopDark = new("desktop-dark", 1280, 800, Dark: true);
    public static readonly Device Phone = new("phone", 360, 740);
    public static readonly Device PhoneDark = new("phone-dark", 360, 740, Dark: true);
    public static readonly Device NoScript = new("no-script", 1280, 800, Script: false);

    /// <summary>One run with screenshots of both devices.</summary>
    public static readonly Device DesktopAndPhoneDark = Desktop with { Also = PhoneDark };
    public static readonly Device DesktopDarkAndPhone = DesktopDark with { Also = Phone };

    /// <summary>Whether the pages show what they show on a phone.</summary>
    public bool IsNarrow => Width < 832;

    public ColorScheme Colours => Dark ? ColorScheme.Dark : ColorScheme.Light;

    public override string ToString() => Name;
}

internal static class Chromium
{
    /// <summary>Headless first: it is the same engine, and lighter.</summary>
    private static readonly string[] Names =
    [
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ];

    /// <summary>The installed browser; null for the one that Playwright downloads.</summary>
    public static string? Find()
    {
        var found = (
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            from name in Names
            let path = Path.Combine(folder, name)
            where File.Exists(path)
            select path
        ).FirstOrDefault();
        if (found is null && Program.Main(["install", "--with-deps", "chromium"]) != 0)
            throw new InvalidOperationException(
                "Chromium is not installed, and the download failed. "
                    + "Install it, or run `install chromium` of the Playwright driver."
            );
        return found;
    }
}
