using System.Text.Json;

namespace Practice.PatientPortal.Domain;

/// <summary>
/// The text form of an enum value, in the database and in audits: its name in camel case. Renaming a value would
/// change what is stored; the tests pin every code.
/// </summary>
internal static class EnumCodes
{
    public static string ToCode<T>(this T value)
        where T : struct, Enum =>
        Enum.GetName(value) is { } name
            ? JsonNamingPolicy.CamelCase.ConvertName(name)
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not a value of {typeof(T).Name}.");

    public static T Parse<T>(string code)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToCode() == code)
                return value;
        }

        throw new ArgumentOutOfRangeException(nameof(code), code, $"Not a code of {typeof(T).Name}.");
    }
}
