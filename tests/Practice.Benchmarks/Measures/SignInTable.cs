using Practice.Benchmarks.Load;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>Sign-ins beside their hash alone, and a list beside sign-ins.</summary>
internal static class SignInTable
{
    private const int Rounds = 3;

    private static ApiPath List => ApiPath.All.First(path => path.Name == "list");

    public static async Task WriteAsync(Bench bench, ChildServer raw, ChildServer ours)
    {
        var signIns = await SignIns.PrepareAsync(ours, bench.Host.MailFolder, bench.Small);
        if (bench.Options.Wants("signin"))
            await WriteSignInsAsync(bench, signIns, raw, ours);
        if (bench.Options.Wants("p99"))
            await WriteListBesideAsync(bench, signIns, ours);
    }

    private static async Task WriteSignInsAsync(Bench bench, SignIns signIns, ChildServer raw, ChildServer ours)
    {
        // The product leaves a processor to all other calls, so it is compared with a hash on the others.
        var processors = Environment.ProcessorCount;
        var slots = Math.Max(1, processors - 1);
        var round = bench.Options.SignInRound;
        await signIns.RunAsync(ours, round);
        await signIns.RunHashAsync(raw, processors, TimeSpan.FromSeconds(1));
        List<Cost> hashes = [];
        List<Cost> allHashes = [];
        List<Cost> defaults = [];
        List<Cost> products = [];
        for (var number = 0; number < Rounds; number++)
        {
            hashes.Add(await CostAsync(raw, () => signIns.RunHashAsync(raw, slots, round)));
            allHashes.Add(await CostAsync(raw, () => signIns.RunHashAsync(raw, processors, round)));
            defaults.Add(await CostAsync(raw, () => signIns.RunDefaultHashAsync(raw, processors, round)));
            products.Add(await CostAsync(ours, () => signIns.RunAsync(ours, round)));
        }

        var report = bench.Report;
        report.Table("sign-in, 16 people at once (`signin`)", "per second", "server CPU ms each", "p50 / p99 ms");
        Row($"ours", products);
        Row($"raw: the same hash alone, {slots} at a time", hashes);
        Row($"raw: the same hash alone, {processors} at a time", allHashes);
        Row($"raw: a hash as Identity has it by default, {processors} at a time", defaults);
        var ratio = products.Zip(hashes, (mine, hash) => mine.Load.PerSecond / hash.Load.PerSecond).Median();
        report.Line();
        report.Line(
            $"Sign-in: {Report.Number(ratio, "0.00")} × the same hash, {slots} at a time: "
                + $"{Report.AtLeast(ratio, 0.9, 0.95)}. All but the hash costs "
                + $"{Report.Number(Millis(products) - Millis(hashes), "0.0")} ms of the server's CPU (goal: 0.6)."
        );

        void Row(string text, List<Cost> rounds) =>
            report.Row(
                text,
                Report.Number(rounds.Select(cost => cost.Load.PerSecond).Median(), "0.0"),
                Report.Number(Millis(rounds), "0.0"),
                Times(rounds.Select(cost => cost.Load))
            );

        static double Millis(List<Cost> rounds) => rounds.Select(cost => cost.CpuMillis).Median();
    }

    private static async Task WriteListBesideAsync(Bench bench, SignIns signIns, ChildServer ours)
    {
        bench.Report.Table("list beside 16 sign-ins (`p99`)", "calls/s", "p50 / p99 ms", "p99, times alone");
        foreach (var callers in new[] { 1, 16 })
        {
            List<LoadResult> alone = [];
            List<LoadResult> beside = [];
            for (var round = 0; round < Rounds; round++)
            {
                alone.Add(await RunListAsync(bench, ours, callers));
                using var end = new CancellationTokenSource();
                var others = signIns.RunAsync(ours, TimeSpan.FromHours(1), end.Token);
                await RunListAsync(bench, ours, callers); // until the sign-ins are under way
                beside.Add(await RunListAsync(bench, ours, callers));
                await end.CancelAsync();
                await others;
                await ours.SettleAsync();
            }

            var ratio = alone.Zip(beside, (a, b) => b.P99 / a.P99).Median();
            Row($"{callers} callers, alone", alone, "");
            Row(
                $"{callers} callers, beside sign-ins",
                beside,
                $"**{Report.Number(ratio, "0.0")}** {Report.AtMost(ratio, 3, 2)}"
            );
        }

        void Row(string text, List<LoadResult> loads, string ratio) =>
            bench.Report.Row(text, Report.Number(loads.Select(load => load.PerSecond).Median()), Times(loads), ratio);
    }

    private static Task<LoadResult> RunListAsync(Bench bench, ChildServer ours, int callers) =>
        LoadRun.RunAsync(List.Call.For(ours.Url), callers, bench.Options.Round);

    private static string Times(IEnumerable<LoadResult> loads)
    {
        var all = loads.ToList();
        return $"{Report.Number(all.Select(load => load.Median.TotalMilliseconds).Median(), "0.0")} / "
            + Report.Number(all.Select(load => load.P99.TotalMilliseconds).Median(), "0.0");
    }

    private static async Task<Cost> CostAsync(ChildServer server, Func<Task<LoadResult>> run)
    {
        var before = server.Cpu;
        var load = await run();
        await server.SettleAsync();
        return new Cost(load, (server.Cpu - before).TotalMilliseconds / load.Calls);
    }

    private sealed record Cost(LoadResult Load, double CpuMillis);
}
