using System.Diagnostics;
using Practice.Benchmarks.Load;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>Import, memory and start of the host.</summary>
internal static class HostTable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static ApiPath List => ApiPath.All.First(path => path.Name == "list");

    public static async Task WriteAsync(Bench bench)
    {
        var report = bench.Report;
        if (new[] { "import", "memory", "start" }.All(name => !bench.Options.Wants(name)))
            return;
        report.Table("the host", "measured", "asked");
        if (bench.Options.Wants("start"))
            await WriteStartsAsync(bench);
        if (bench.Options.Wants("memory"))
            await WriteMemoryAsync(bench);
        if (bench.Options.Wants("import"))
            await WriteImportAsync(bench);
    }

    private static async Task WriteStartsAsync(Bench bench)
    {
        List<(TimeSpan Ready, TimeSpan SignIn, TimeSpan List)> starts = [];
        SignIns? signIns = null;
        for (var number = 0; number <= bench.Options.Starts; number++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var ours = await bench.StartOursAsync();
            await AwaitReadyAsync(ours);
            var ready = Stopwatch.GetElapsedTime(started);
            if (signIns is null)
            {
                signIns = await SignIns.PrepareAsync(ours, bench.Host.MailFolder, bench.Small);
                continue;
            }
            using var client = new LoadClient();
            var begun = Stopwatch.GetTimestamp();
            await signIns.RunOnceAsync(client, ours);
            var signIn = Stopwatch.GetElapsedTime(begun);
            begun = Stopwatch.GetTimestamp();
            await client.SendAsync(List.Call.For(ours.Url), 200);
            starts.Add((ready, signIn, Stopwatch.GetElapsedTime(begun)));
        }

        Row("start to `/health/ready` (`start`)", starts.Select(start => start.Ready), 2.0, 1.2);
        Row("first sign-in", starts.Select(start => start.SignIn), 0.3, 0.2);
        Row("first list", starts.Select(start => start.List), 0.05, 0.03);

        void Row(string text, IEnumerable<TimeSpan> times, double floor, double goal)
        {
            var seconds = times.Select(time => time.TotalSeconds).Median();
            bench.Report.Row(text, $"{Report.Number(seconds, "0.00")} s", Report.AtMost(seconds, floor, goal));
        }
    }

    private static async Task WriteMemoryAsync(Bench bench)
    {
        await using var ours = await bench.StartOursAsync();
        using (var client = new LoadClient())
            await client.SendAsync(List.Call.For(ours.Url), 200);
        await ours.SettleAsync();
        Row("memory after a first list (`memory`)", ours.Memory, 150, 120);

        var most = 0L;
        using var end = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                most = Math.Max(most, ours.Memory);
                await Task.Delay(100, CancellationToken.None);
            }
        });
        foreach (var path in ApiPath.All)
            await LoadRun.RunAsync(path.Call.For(ours.Url), 64, bench.Options.Round, path.Status);
        await end.CancelAsync();
        await watching;
        Row("memory under load: most, 64 callers, each path", most, 300, 220);

        void Row(string text, long bytes, double floor, double goal)
        {
            var megabytes = bytes / 1_000_000.0;
            bench.Report.Row(text, $"{Report.Number(megabytes)} MB", Report.AtMost(megabytes, floor, goal));
        }
    }

    private static async Task WriteImportAsync(Bench bench)
    {
        await using var ours = await bench.StartOursAsync();
        await AwaitReadyAsync(ours);
        await StaffFile.ImportAsync(ours, DataSet.Small, 50);
        await ours.SettleAsync();
        var (server, database) = (ours.Cpu, bench.Database.Cpu);
        var people = bench.Options.Imported;
        var started = Stopwatch.GetTimestamp();
        var elapsed = await StaffFile.ImportAsync(ours, DataSet.Small, people);
        await ours.SettleAsync();
        var settled = Stopwatch.GetElapsedTime(started);
        var perSecond = people / elapsed.TotalSeconds;
        bench.Report.Row(
            $"import of {Report.Number(people)} new people (`import`)",
            $"{Report.Number(perSecond)} rows/s; CPU ms a row, server / PostgreSQL: "
                + $"{Report.Number((ours.Cpu - server).TotalMilliseconds / people, "0.0")} / "
                + $"{Report.Number((bench.Database.Cpu - database).TotalMilliseconds / people, "0.0")}; "
                + $"every email sent after {Report.Number(settled.TotalSeconds, "0")} s",
            Report.AtLeast(perSecond, 400, 1_000)
        );
    }

    private static async Task AwaitReadyAsync(ChildServer ours)
    {
        using var http = new HttpClient { BaseAddress = ours.Url };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < Patience; await Task.Delay(5))
        {
            using var answer = await http.GetAsync("/health/ready");
            if (answer.IsSuccessStatusCode)
                return;
        }
        throw new InvalidOperationException("The host does not become ready.");
    }
}
