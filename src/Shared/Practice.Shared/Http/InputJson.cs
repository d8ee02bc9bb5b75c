using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Practice.Time;

namespace Practice.Shared.Http;

/// <summary>
/// How bodies are read: as all JSON here, every text is cleaned by what its property is called, and dates and instants
/// are taken in one form. Passwords are left as they were typed.
/// </summary>
internal sealed class InputJson(IOptions<JsonOptions> json)
{
    public JsonSerializerOptions Options { get; } = Cleaning(json.Value.SerializerOptions);

    private static JsonSerializerOptions Cleaning(JsonSerializerOptions json)
    {
        var resolver = json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver();
        return new JsonSerializerOptions(json)
        {
            TypeInfoResolver = resolver.WithAddedModifier(CleanTexts),
            Converters = { new InstantConverter(), new DayConverter() },
        };
    }

    private static void CleanTexts(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(string)))
            property.CustomConverter ??= new Cleaned(InputText.CleanerOf(property.Name));
    }

    /// <summary>A value whose form is wrong, with a sentence that says which form is right.</summary>
    internal sealed class WrongForm(string sentence) : JsonException(sentence);

    /// <summary>
    /// In microseconds, as the database keeps them: otherwise what is sent again would differ from what is stored.
    /// </summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var read = IsoTime.Instant(TextOf(ref reader)) ?? throw new WrongForm(IsoTime.InstantForm);
            return read.AddTicks(-(read.Ticks % TimeSpan.TicksPerMicrosecond));
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }

    private sealed class DayConverter : JsonConverter<DateOnly>
    {
        public override DateOnly Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            IsoTime.Day(TextOf(ref reader)) ?? throw new WrongForm(IsoTime.DayForm);

        public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static string? TextOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    private sealed class Cleaned(Func<string, string> clean) : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? clean(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
