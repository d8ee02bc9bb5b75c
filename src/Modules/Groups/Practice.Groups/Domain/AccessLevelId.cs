using System.Text.Json;
using System.Text.Json.Serialization;

namespace Practice.Groups.Domain;

/// <summary>
/// A level as the API names it: a preset by its name, or one of the group's own levels by its id. One of the two is
/// set.
/// </summary>
[JsonConverter(typeof(AccessLevelIdConverter))]
public readonly record struct AccessLevelId(AccessLevel? Preset, Guid? Own)
{
    public static implicit operator AccessLevelId(AccessLevel preset) => new(preset, null);

    /// <summary>As a member or an invitation has it stored.</summary>
    internal static AccessLevelId Of(RoleType roleType, AccessLevel preset, Guid? own) =>
        // A host of an earlier release sets another preset, and leaves the id.
        own is not null
        && preset == AccessLevels.BaseOf(roleType)
            ? new AccessLevelId(null, own)
            : preset;

    public override string ToString() => Own?.ToString() ?? Preset.GetValueOrDefault().ToCode();
}

internal sealed class AccessLevelIdConverter : JsonConverter<AccessLevelId>
{
    private static readonly Dictionary<string, AccessLevel> Presets = Enum.GetValues<AccessLevel>()
        .ToDictionary(preset => preset.ToString(), StringComparer.OrdinalIgnoreCase);

    public override AccessLevelId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        var text = reader.GetString()!;
        return Presets.TryGetValue(text, out var preset) ? preset
            : Guid.TryParseExact(text, "D", out var own) ? new AccessLevelId(null, own)
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, AccessLevelId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
