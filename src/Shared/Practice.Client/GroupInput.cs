using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Practice.Client;

public partial class GroupInput
{
    /// <summary>
    /// Whether <see cref="IdleMinutes"/> is sent as null where it is null: then the operator's limit holds. Otherwise a
    /// null is absent, and the limit stays as it is. Address, phone and business number are cleared by an empty text.
    /// </summary>
    [JsonIgnore]
    public bool ClearsIdleMinutes { get; set; }

    internal static void SendNull(JsonTypeInfo type)
    {
        if (type.Type != typeof(GroupInput))
            return;
        var minutes = type.Properties.Single(property => property.Name == "idleMinutes");
        minutes.ShouldSerialize = static (input, value) => value is not null || ((GroupInput)input).ClearsIdleMinutes;
    }
}
