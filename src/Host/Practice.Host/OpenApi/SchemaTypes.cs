using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Practice.Host.OpenApi;

/// <summary>Which type each schema of the document describes.</summary>
internal sealed class SchemaTypes
{
    private readonly ConcurrentDictionary<string, Type> _types = new();

    public string? NameOf(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        if (name is not null)
            _types[name] = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return name;
    }

    public Type? Find(string name) => _types.GetValueOrDefault(name);
}
