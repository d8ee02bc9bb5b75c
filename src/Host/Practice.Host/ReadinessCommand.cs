namespace Practice.Host;

/// <summary>
/// Asks the running host whether it is ready, for containers: their image has no other program that could.
/// </summary>
internal static class ReadinessCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <param name="args">Settings, as the host takes them; it listens where they say.</param>
    /// <returns>0 if it is ready.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter console)
    {
        var settings = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_")
            .AddEnvironmentVariables()
            .AddCommandLine([.. args.TakeWhile(argument => argument != CommandLine.IsReady)])
            .Build();
        var url = new Uri(new Uri(ListeningUrls.FirstOf(settings)), Health.ReadyPath);
        try
        {
            using var http = new HttpClient { Timeout = Limit };
            using var answer = await http.GetAsync(url);
            await console.WriteLineAsync($"{url}: {(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            await console.WriteLineAsync($"{url}: {failed.Message}");
            return 1;
        }
    }
}
