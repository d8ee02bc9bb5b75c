using System.Text.Json;
using System.Text.Json.Serialization;

namespace Practice.Client;

/// <summary>The HTTP API, typed. Its calls are generated from <c>docs/openapi.json</c>; a refusal throws <see cref="ApiRefusedException"/>.</summary>
public partial class PracticeApi
{
    /// <summary>What isn't given is not sent: the API tells an absent field from one that is null.</summary>
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}

public static class ApiAnswers
{
    /// <summary>The version that was read, for the <c>If-Match</c> of the change that follows.</summary>
    public static string ETag(this ApiAnswer answer) =>
        answer.Headers.TryGetValue("ETag", out var values)
            ? values.First()
            : throw new InvalidOperationException("This answer has no ETag.");
}
