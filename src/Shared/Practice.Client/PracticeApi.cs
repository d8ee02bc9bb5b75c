using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Practice.Client;

/// <summary>
/// The HTTP API, typed. Its calls are generated from <c>docs/openapi.json</c>; an error response throws <see
/// cref="ApiProblemException"/>.
/// </summary>
public partial class PracticeApi
{
    /// <summary>
    /// Null values are not sent, unless an input says so: the API distinguishes an absent field from null. Of a list of
    /// codes the generated code does not say that they are text.
    /// </summary>
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        settings.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { GroupInput.SendNull } };
        settings.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}

public static class ApiAnswers
{
    /// <summary>The version that was read, for the <c>If-Match</c> header of a change.</summary>
    public static string ETag(this ApiAnswer answer) =>
        answer.Headers.TryGetValue("ETag", out var values)
            ? values.First()
            : throw new InvalidOperationException("This response has no ETag.");
}
