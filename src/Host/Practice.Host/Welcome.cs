namespace Practice.Host;

/// <summary>What a person who has just started the host wants to know: where it is, and with whom to sign in.</summary>
internal static class Welcome
{
    public static async Task GreetAsync(WebApplication app, HostSettings settings, TextWriter console)
    {
        var url = ListeningUrls.FirstOf(app.Urls);
        var demo = settings.SeedDemo
            ? await DemoPractice.SeedAsync(app, settings, url, app.Lifetime.ApplicationStopping)
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
