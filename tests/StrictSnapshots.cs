using System.Runtime.CompilerServices;

namespace Practice.Tests;

/// <summary>
/// By default Snapshooter writes a missing snapshot and passes, so that a deleted one would compare with nothing. To
/// write a new one, run its test with <c>SNAPSHOOTER_STRICT_MODE=false</c>.
/// </summary>
internal static class StrictSnapshots
{
    private const string Setting = "SNAPSHOOTER_STRICT_MODE";

    [ModuleInitializer]
    internal static void Demand() =>
        Environment.SetEnvironmentVariable(Setting, Environment.GetEnvironmentVariable(Setting) ?? "true");
}
