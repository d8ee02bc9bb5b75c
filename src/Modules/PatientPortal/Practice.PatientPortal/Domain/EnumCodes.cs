using System.Text.Json;
using System.Text.Json.Serialization;

namespace Practice.PatientPortal.Domain;

/// <summary>
/// The text form of an enum value, in the database and in messages: its name in camel case. Renaming a value would
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

/// <summary>Writes an enum value as its code in a stored message.</summary>
internal sealed class EnumCodeJsonConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EnumCodes.Parse<T>(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToCode());
}
