using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Practice.Shared.Http;

/// <summary>
/// How bodies are read: as all JSON here, and every text is cleaned by what its property is called. Passwords are left
/// as they were typed.
/// </summary>
internal sealed class InputJson(IOptions<JsonOptions> json)
{
    public JsonSerializerOptions Options { get; } = Cleaning(json.Value.SerializerOptions);

    private static JsonSerializerOptions Cleaning(JsonSerializerOptions json)
    {
        var resolver = json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver();
        return new JsonSerializerOptions(json) { TypeInfoResolver = resolver.WithAddedModifier(CleanTexts) };
    }

    private static void CleanTexts(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(string)))
            property.CustomConverter ??= new Cleaned(InputText.CleanerOf(property.Name));
    }

    private sealed class Cleaned(Func<string, string> clean) : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? clean(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
