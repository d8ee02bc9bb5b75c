using System.Text.Json;

namespace Practice.Shared.Http;

/// <summary>
/// The text form of an enum value, in the API, the database and audits: its name in camel case. Renaming a value would
/// change what is stored; the tests pin every code.
/// </summary>
public static class EnumCodes
{
    /// <exception cref="ArgumentOutOfRangeException">The value has no name.</exception>
    public static string ToCode<T>(this T value)
        where T : struct, Enum =>
        Enum.GetName(value) is { } name
            ? JsonNamingPolicy.CamelCase.ConvertName(name)
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not a value of {typeof(T).Name}.");

    /// <summary>The value with this code; null if there is none.</summary>
    public static T? Find<T>(string code)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToCode() == code)
                return value;
        }

        return null;
    }

    /// <exception cref="ArgumentOutOfRangeException">No value has this code.</exception>
    public static T Parse<T>(string code)
        where T : struct, Enum =>
        Find<T>(code) ?? throw new ArgumentOutOfRangeException(nameof(code), code, $"Not a code of {typeof(T).Name}.");

    /// <summary>What to send, for people who sent something else.</summary>
    public static string OneOf<T>()
        where T : struct, Enum =>
        $"One of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.";
}
