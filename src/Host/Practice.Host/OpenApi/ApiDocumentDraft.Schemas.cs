using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Practice.Host.OpenApi;

/// <summary>What is sent, and what is answered.</summary>
internal sealed partial class ApiDocumentDraft
{
    /// <summary>
    /// What is both sent and answered becomes two schemas: of an answer every field is there, and it may get more.
    /// </summary>
    /// <returns>The names of the schemas of requests.</returns>
    private List<string> SplitSchemas()
    {
        var (sent, answered) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (_, _, operation) in Operations)
        {
            Reach(operation["requestBody"], sent);
            Reach(operation["responses"], answered);
        }

        var both = sent.Where(name => answered.Contains(name) && IsObject(name)).ToHashSet();
        foreach (var name in both)
            Schemas.Add($"{name}Input", Schemas[name]!.DeepClone()); // fails if the name is taken
        var ofRequests = sent.Except(both).Where(name => !answered.Contains(name)).ToList();
        foreach (var name in ofRequests)
            Rename(Schemas[name], both);
        foreach (var name in both)
            Rename(Schemas[$"{name}Input"], both);
        foreach (var (_, _, operation) in Operations)
            Rename(operation["requestBody"], both);
        return [.. ofRequests.Where(IsObject), .. both.Select(name => $"{name}Input")];
    }

    private bool IsObject(string name) => Schemas[name]!["properties"] is JsonObject;

    private void Reach(JsonNode? node, HashSet<string> reached)
    {
        foreach (var reference in References(node))
        {
            var name = reference.ToString()[SchemaPrefix.Length..];
            if (reached.Add(name))
                Reach(Schemas[name], reached);
        }
    }

    private static void Rename(JsonNode? node, HashSet<string> both)
    {
        foreach (var reference in References(node).ToList())
            if (both.Contains(reference.ToString()[SchemaPrefix.Length..]))
                reference.ReplaceWith($"{reference}Input");
    }

    private static IEnumerable<JsonValue> References(JsonNode? node) =>
        node switch
        {
            JsonObject properties => properties.SelectMany(property =>
                property is { Key: "$ref", Value: JsonValue reference }
                && reference.ToString().StartsWith(SchemaPrefix, StringComparison.Ordinal)
                    ? [reference]
                    : References(property.Value)
            ),
            JsonArray items => items.SelectMany(References),
            _ => [],
        };

    /// <summary>
    /// An answer may get more fields, and leaves out those that are written only where there is a value.
    /// </summary>
    private void DescribeAnswer(string name)
    {
        var schema = Schemas[name]!.AsObject();
        if (schema["additionalProperties"] is JsonValue)
            schema.Remove("additionalProperties");
        if (
            TypeOf(name) is not { } type
            || type == typeof(ProblemDetails)
            || schema["properties"] is not JsonObject all
        )
            return;
        var written = new JsonArray();
        foreach (var (property, value) in all.ToList())
        {
            var leftOut = IsLeftOutWhenNull(type, property);
            if (leftOut)
                all[property] = WithoutNull(value!.AsObject());
            else
                written.Add(property);
            // What may be anything may be null: of two schemas exactly one must fit.
            if (
                (value!["oneOf"] as JsonArray)?.FirstOrDefault(one => Resolve(one!.AsObject()).Count == 0) is
                { } anything
            )
                all[property] = anything.DeepClone();
        }

        schema["required"] = written;
        if (written.Count == 0)
            schema.Remove("required");
    }

    private static bool IsLeftOutWhenNull(Type type, string property) =>
        type.GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase)
            ?.GetCustomAttribute<JsonIgnoreAttribute>()
            is { Condition: JsonIgnoreCondition.WhenWritingNull };

    /// <summary>
    /// What may be left out is optional. It may be null only where null says something: that a value is to be
    /// removed, or in a PUT what its GET answers with.
    /// </summary>
    private void DescribeInput(string name)
    {
        var schema = Schemas[name]!.AsObject();
        var type = TypeOf(name);
        var required = (schema["required"] as JsonArray ?? []).Select(one => one!.ToString()).ToList();
        foreach (var (property, value) in schema["properties"]!.AsObject().ToList())
        {
            if (!IsNullable(value!.AsObject()))
                continue;
            required.Remove(property);
            if (!_replacements.Contains(OriginalOf(name)) && !NullMeansSomething(type, property))
                schema["properties"]![property] = WithoutNull(value.AsObject());
        }

        schema.Remove("required");
        if (required.Count > 0)
            schema["required"] = new JsonArray([.. required.Select(one => JsonValue.Create(one))]);
    }

    private Type? TypeOf(string schema) => types.Find(OriginalOf(schema));

    /// <summary>The name of a schema before it was split in two.</summary>
    private string OriginalOf(string schema) =>
        types.Find(schema) is null && schema.EndsWith("Input", StringComparison.Ordinal)
            ? schema[..^"Input".Length]
            : schema;

    /// <summary>An input that tells null from absent keeps in <c>SetsX</c> whether X was there.</summary>
    private static bool NullMeansSomething(Type? type, string property) =>
        type?.GetProperty(
            $"Sets{property}",
            BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.IgnoreCase
        )
            is not null;

    private static bool IsNullable(JsonObject schema) =>
        (schema["type"] as JsonArray)?.Any(type => type!.ToString() == "null") == true
        || (schema["oneOf"] as JsonArray)?.Any(choice => choice!["type"]?.ToString() == "null") == true;

    private static JsonObject WithoutNull(JsonObject schema)
    {
        var copy = schema.DeepClone().AsObject();
        if (copy["type"] is JsonArray types)
            copy["type"] = types.Select(type => type!.ToString()).First(type => type != "null");
        if (copy["oneOf"] is not JsonArray choices)
            return copy;
        if (choices.All(choice => choice!["type"]?.ToString() != "null"))
            return copy;
        copy.Remove("oneOf");
        var value = choices.Single(choice => choice!["type"]?.ToString() != "null")!.DeepClone().AsObject();
        foreach (var (keyword, fact) in copy)
            value.TryAdd(keyword, fact?.DeepClone());
        return value;
    }

    /// <summary>
    /// A schema that several bodies hold says what all of their validators demand: one may take less than another.
    /// </summary>
    private void ApplyValidators(IReadOnlyCollection<string> inputs)
    {
        var variants = inputs.ToDictionary(name => name, _ => new Dictionary<Type, JsonObject>());
        foreach (var (_, _, operation) in Operations)
        {
            if (
                operation["requestBody"]?["content"]?["application/json"]?["schema"] is not JsonObject schema
                || calls[NameOf(operation)].Body is not { } body
                || ValidatorOf(body) is not { } validator
            )
                continue;
            var reached = new HashSet<string>();
            Reach(schema, reached);
            var copies = reached
                .Where(inputs.Contains)
                .ToDictionary(name => name, name => Schemas[name]!.DeepClone().AsObject());
            new ValidatorRules(reference => ResolveIn(copies, reference)).Apply(ResolveIn(copies, schema), validator);
            foreach (var (name, copy) in copies)
                variants[name][body] = copy;
        }

        foreach (var (name, found) in variants.Where(one => one.Value.Count > 0))
            Schemas[name] = found.Values.Aggregate(WhatBothSay);
        foreach (var name in inputs)
            RequiredIsNotNull(Schemas[name]!.AsObject());
    }

    private JsonObject ResolveIn(Dictionary<string, JsonObject> copies, JsonObject schema)
    {
        while (schema["$ref"]?.ToString()[SchemaPrefix.Length..] is { } name)
            schema = copies.TryGetValue(name, out var copy) ? copy : Schemas[name]!.AsObject();
        return schema;
    }

    private static JsonObject WhatBothSay(JsonObject one, JsonObject other)
    {
        var both = new JsonObject();
        foreach (var (keyword, value) in one)
            if (keyword == "required" && value is JsonArray required && other[keyword] is JsonArray others)
                both[keyword] = new JsonArray([
                    .. required
                        .Select(name => name!.ToString())
                        .Intersect(others.Select(name => name!.ToString()))
                        .Select(name => JsonValue.Create(name)),
                ]);
            else if (value is JsonObject inner && other[keyword] is JsonObject otherInner)
                both[keyword] = WhatBothSay(inner, otherInner);
            else if (JsonNode.DeepEquals(value, other[keyword]))
                both[keyword] = value?.DeepClone();
        return both;
    }

    private static void RequiredIsNotNull(JsonObject schema)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(name => name!.ToString()).ToList())
            schema["properties"]![name] = WithoutNull(schema["properties"]![name]!.AsObject());
        if (schema["required"] is JsonArray { Count: 0 })
            schema.Remove("required");
    }

    private IValidator? ValidatorOf(Type body) =>
        (IValidator?)services.GetService(typeof(IValidator<>).MakeGenericType(body));

    private JsonObject Resolve(JsonObject schema)
    {
        while (schema["$ref"] is { } reference)
            schema = Schemas[reference.ToString()[SchemaPrefix.Length..]]!.AsObject();
        return schema;
    }

    /// <summary>Some generators take the first of several types for the type.</summary>
    private static void PutNullLast(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject properties:
                if (properties["type"] is JsonArray types)
                    properties["type"] = new JsonArray([
                        .. types.OrderBy(type => type!.ToString() == "null").Select(type => type!.DeepClone()),
                    ]);
                if (properties["oneOf"] is JsonArray choices)
                    properties["oneOf"] = new JsonArray([
                        .. choices
                            .OrderBy(choice => choice!["type"]?.ToString() == "null")
                            .Select(choice => choice!.DeepClone()),
                    ]);
                foreach (var (_, value) in properties)
                    PutNullLast(value);
                break;
            case JsonArray items:
                foreach (var item in items)
                    PutNullLast(item);
                break;
        }
    }
}
