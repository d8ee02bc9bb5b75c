using static System.Globalization.CultureInfo;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>By itself: what other tests hold at that moment would count.</summary>
[CollectionDefinition(nameof(ExportMemoryTests), DisableParallelization = true)]
[Collection(nameof(ExportMemoryTests))]
public sealed class ExportMemoryTests
{
    /// <summary>
    /// What is alive in the process while the rows go by, measured a few times. <c>PRACTICE_EXPORT_ROWS</c> sets how
    /// many rows there are.
    /// </summary>
    [Fact]
    public async Task Many_rows_need_no_more_memory_than_few()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("PRACTICE_EXPORT_ROWS") ?? "10000", InvariantCulture);
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        await ExportTests.ManyRecords(app, group, rows, hashesInEach: 16);
        var export = (
            await group.Owner.Api.Post(ExportTests.Exports(group), new { kinds = new[] { "clinicalRecords" } })
        )
            .Should(202)
            .Id;

        using var http = ExportTests.Client(group.Owner);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, read, allocated) = (0L, 0L, GC.GetTotalAllocatedBytes());
        using var answer = await http.GetAsync(
            new Uri($"{ExportTests.Exports(group)}/{export}/file", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        for (int count, next = 0; (count = await stream.ReadAsync(buffer)) > 0; read += count)
        {
            if (read < next)
                continue;
            next += rows * 100; // some ten times
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.True(read > rows * 200L, $"{read} bytes");
        Assert.Equal(
            "done",
            (await group.Owner.Api.Get($"{ExportTests.Exports(group)}/{export}"))["status"].GetString()
        );
        var report =
            $"{rows} rows, {read >> 20} MB: at most {most >> 20} MB more alive, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) >> 20} MB allocated";
        Assert.True(most < 32 << 20, report);
        if (Environment.GetEnvironmentVariable("PRACTICE_EXPORT_REPORT") is { } file)
            await File.WriteAllTextAsync(file, report);
    }
}
