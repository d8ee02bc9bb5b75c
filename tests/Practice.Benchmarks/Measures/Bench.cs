using Practice.Benchmarks.Raw;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>What all measurements of the small set use.</summary>
/// <param name="Small">Its owner's connection string.</param>
internal sealed record Bench(Options Options, Report Report, DatabaseServer Database, PublishedHost Host, string Small)
{
    public Task<ChildServer> StartOursAsync() => Host.StartAsync(Small);

    public static Task<ChildServer> StartRawAsync(string connection) =>
        ChildServer.StartAsync(
            "dotnet",
            [typeof(RawServer).Assembly.Location, RawServer.Command],
            new Dictionary<string, string> { [RawServer.ConnectionSetting] = connection }
        );
}
