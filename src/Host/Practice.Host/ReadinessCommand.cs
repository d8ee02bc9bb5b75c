namespace Practice.Host;

/// <summary>
/// Asks the running host whether it is ready, for containers: their image has no other program that could.
/// </summary>
internal static class ReadinessCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <param name="settings">As the host takes them; it listens where they say.</param>
    /// <returns>0 if it is ready.</returns>
    public static async Task<int> RunAsync(IConfiguration settings, TextWriter console)
    {
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
