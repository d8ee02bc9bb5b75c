using System.Collections.Concurrent;
using System.Text.Json;

namespace Practice.Benchmarks.Raw;

/// <summary>The form in JSON of what is stored by name.</summary>
internal static class Codes
{
    private static readonly ConcurrentDictionary<string, string> Known = new();

    public static string Of(string name) => Known.GetOrAdd(name, JsonNamingPolicy.CamelCase.ConvertName);
}
