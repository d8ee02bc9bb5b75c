using System.Text.Json;

namespace Practice.Groups.Domain;

internal static class EnumCodes
{
    /// <summary>The value as the API writes it.</summary>
    public static string ToCode<T>(this T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
