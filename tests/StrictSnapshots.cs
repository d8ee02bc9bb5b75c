using System.Runtime.CompilerServices;

namespace Practice.Tests;

/// <summary>
/// By default Snapshooter writes a missing snapshot and passes, so that a deleted one would compare with nothing.
/// </summary>
internal static class StrictSnapshots
{
    [ModuleInitializer]
    internal static void Demand() => Environment.SetEnvironmentVariable("SNAPSHOOTER_STRICT_MODE", "true");
}
