using Practice.Host.Demo;

namespace Practice.Host;

/// <summary>Printed after the start: where the product runs, and the demo accounts to sign in with.</summary>
internal static class StartupBanner
{
    public static async Task WriteAsync(WebApplication app, HostSettings settings, TextWriter console)
    {
        var url = ListeningUrls.FirstOf(app.Urls);
        var demo = settings.SeedDemo
            ? await DemoPractice.SeedAsync(app.Services, settings, url, app.Lifetime.ApplicationStopping)
            : [];
        await console.WriteLineAsync(
            $"""

              Practice   {url}
              API docs   {url}/docs
              Mails      {(
                settings.PickupDirectory is { } folder ? $"{folder} (set Mail:Smtp:Host to send them)" : "sent"
            )}
              Database   {(settings.Embedded ? $"embedded, in {settings.DataDirectory}" : "ConnectionStrings:Practice")}

            """
        );
        foreach (var line in demo)
            await console.WriteLineAsync($"  {line}");
    }
}
