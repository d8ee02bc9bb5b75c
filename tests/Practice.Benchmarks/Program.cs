using Practice.Benchmarks;
using Practice.Benchmarks.Raw;

if (args is [RawServer.Command])
{
    await RawServer.RunAsync();
    return 0;
}

if (args.Contains("--help"))
{
    Console.WriteLine(Options.Help);
    return 0;
}

try
{
    await new BenchmarkRun(Options.Parse(args)).RunAsync();
    return 0;
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(Options.Help);
    return 1;
}
