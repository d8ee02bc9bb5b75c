using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>The import of people whom nobody knows yet.</summary>
internal static class StaffFile
{
    /// <summary>Imports so many people, and returns when the last row is answered.</summary>
    public static async Task<TimeSpan> ImportAsync(ChildServer ours, DataSet data, int people)
    {
        var run = DateTime.UtcNow.Ticks;
        var csv = new StringBuilder("firstName,lastName,roleType,profession,email,accessLevel,locations\n");
        for (var number = 1; number <= people; number++)
            csv.Append(
                CultureInfo.InvariantCulture,
                $"Neva,Comer{number},administrator,receptionist,new.{run}.{number}@practice.test,reception,\n"
            );

        using var http = new HttpClient { BaseAddress = ours.Url, Timeout = TimeSpan.FromMinutes(15) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DataSet.Token);
        using var file = new StringContent(csv.ToString(), new MediaTypeHeaderValue("text/csv"));
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsync($"/api/groups/{data.SecondGroup}/members/import", file);
        var body = await answer.Content.ReadAsStringAsync();
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The import failed: {body}");
        using var json = JsonDocument.Parse(body);
        var accepted = json
            .RootElement.GetProperty("items")
            .EnumerateArray()
            .Count(row => row.GetProperty("verdict").GetString() == "accepted");
        if (accepted != people)
            throw new InvalidOperationException($"The import accepted {accepted} of {people} people.");
        return elapsed;
    }
}
