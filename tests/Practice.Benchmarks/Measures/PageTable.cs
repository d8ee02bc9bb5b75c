using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Practice.Benchmarks.Load;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>How long the front end takes for a page, from the request to its last byte, for one person alone.</summary>
internal static partial class PageTable
{
    private const int Times = 50;
    private const double MaxMilliseconds = 30;
    private const double Goal = 15;

    private static readonly string Group = $"/practice/{Ids.Group(1)}";
    private static readonly string Account = $"/portal/{Ids.Account(1)}";

    private static readonly (string Text, string Path)[] Pages =
    [
        ("today", Group),
        ("calendar", $"{Group}/calendar"),
        ("patients", $"{Group}/patients"),
        ("invoices", $"{Group}/invoices"),
        ("users", $"{Group}/settings/users"),
        ("audit", $"{Group}/audit"),
        ("portal home", Account),
        ("portal: invoices", $"{Account}/invoices"),
        ("portal: people accessing you", $"{Account}/access"),
    ];

    public static async Task WriteAsync(Bench bench)
    {
        await using var ours = await bench.StartOursAsync();
        await SignIns.PrepareAsync(ours, bench.Host.MailFolder, bench.Small);
        var cookies = await SignInAsync(ours, SignIns.Person);
        using var client = new LoadClient();
        bench.Report.Table("page (`pages`)", "ms, median", "asked");
        foreach (var (text, path) in Pages)
        {
            var call = new ApiCall("GET", path) { Headers = [("Cookie", cookies)] }.For(ours.Url);
            List<double> times = [];
            for (var number = 0; number < 2 * Times; number++)
            {
                var begun = Stopwatch.GetTimestamp();
                await client.SendAsync(call, 200);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            var median = times[Times..].Median(); // the first ones warm up
            bench.Report.Row(text, Report.Number(median, "0.0"), Report.AtMost(median, MaxMilliseconds, Goal));
        }
    }

    /// <summary>Signs in by the form, as without script.</summary>
    /// <returns>The cookies that the browser would send.</returns>
    private static async Task<string> SignInAsync(ChildServer ours, (string Email, string Password) person)
    {
        var jar = new CookieContainer();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = jar, AllowAutoRedirect = false })
        {
            BaseAddress = ours.Url,
        };
        var page = await http.GetStringAsync("/sign-in");
        var fields = HiddenField()
            .Matches(page)
            .DistinctBy(field => field.Groups["name"].Value)
            .ToDictionary(
                field => field.Groups["name"].Value,
                field => WebUtility.HtmlDecode(field.Groups["value"].Value)
            );
        (fields["email"], fields["password"]) = person;
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await http.PostAsync("/sign-in", form);
        if (answer.StatusCode != HttpStatusCode.Found)
            throw new InvalidOperationException($"Signing in by the form answered {(int)answer.StatusCode}.");
        return jar.GetCookieHeader(ours.Url);
    }

    [GeneratedRegex(
        """<input type="hidden" name="(?<name>_handler|__RequestVerificationToken)" value="(?<value>[^"]*)"""
    )]
    private static partial Regex HiddenField();
}
