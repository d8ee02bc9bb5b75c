using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using FluentValidation.Validators;
using Practice.Shared.Http;

namespace Practice.Host.OpenApi;

/// <summary>
/// Writes what a validator demands into the schema of its input: what is required, how long, how many, how much, and in
/// which form. What depends on other fields or on stored state cannot be said there, and is not.
/// </summary>
/// <param name="resolve">The schema behind a reference.</param>
internal sealed class ValidatorRules(Func<JsonObject, JsonObject> resolve)
{
    public void Apply(JsonObject schema, IValidator validator)
    {
        if (schema["properties"] is not JsonObject properties)
            return;
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            var property = properties.FirstOrDefault(one =>
                string.Equals(one.Key, rule.PropertyName, StringComparison.OrdinalIgnoreCase)
            );
            if (property.Value is not JsonObject sent)
                continue;
            var ofItems = rule.GetType()
                .GetInterfaces()
                .Any(one => one.Name.StartsWith("ICollectionRule", StringComparison.Ordinal));
            var value = ofItems ? (JsonObject)Unwrap(sent)["items"]! : sent;
            foreach (var component in rule.Components)
            {
                var always = !ofItems && !rule.HasCondition && !component.HasCondition && !component.HasAsyncCondition;
                if (IsRequired(component.Validator) && always)
                    Require(schema, property.Key);
                Write(component.Validator, Unwrap(value), always || ofItems);
                if (NestedOf(component.Validator) is { } nested)
                    Apply(resolve(Unwrap(value)), nested);
            }
        }
    }

    /// <summary>The codes of its own that a validator answers with.</summary>
    public static IEnumerable<(string Code, string Sentence)> CodesOf(IValidator validator) =>
        from rule in validator.CreateDescriptor().Rules
        from component in rule.Components
        where component.ErrorCode?.Contains('.', StringComparison.Ordinal) == true
        select (component.ErrorCode, component.GetUnformattedErrorMessage());

    private static bool IsRequired(IPropertyValidator validator) =>
        validator is INotNullValidator or INotEmptyValidator or IDocumentedRule { Facts.Required: true };

    private static void Write(IPropertyValidator validator, JsonObject value, bool always)
    {
        switch (validator)
        {
            case INotEmptyValidator when always && IsText(value):
                value["minLength"] ??= 1;
                break;
            case INotEmptyValidator when always && value["items"] is not null:
                value["minItems"] ??= 1;
                break;
            case ILengthValidator length:
                if (length.Max > 0)
                    value["maxLength"] = length.Max;
                if (length.Min > 0 && always)
                    value["minLength"] = length.Min;
                break;
            case IRegularExpressionValidator { Expression: { } expression }:
                value["pattern"] = expression.Replace(@"\z", "$", StringComparison.Ordinal);
                break;
            case IBetweenValidator { From: not null, To: not null } between when IsNumber(between.From):
                value["minimum"] = Number(between.From);
                value["maximum"] = Number(between.To);
                break;
            case IComparisonValidator { ValueToCompare: { } limit } comparison when IsNumber(limit):
                value[KeywordOf(comparison.Comparison)] = Number(limit);
                break;
            case IDocumentedRule { Facts: var facts }:
                Write(facts, value);
                break;
        }
    }

    private static void Write(SchemaFacts facts, JsonObject value)
    {
        Set("format", facts.Format);
        Set("pattern", facts.Pattern);
        Set("minLength", facts.MinLength);
        Set("maxLength", facts.MaxLength);
        Set("minItems", facts.MinItems);
        Set("maxItems", facts.MaxItems);
        Set("minimum", facts.Minimum);
        Set("maximum", facts.Maximum);

        void Set<T>(string keyword, T? fact)
        {
            if (fact is not null)
                value[keyword] = JsonValue.Create(fact);
        }
    }

    private static void Require(JsonObject schema, string property)
    {
        var required = (schema["required"] ??= new JsonArray()).AsArray();
        if (!required.Any(one => one!.GetValue<string>() == property))
            required.Add(property);
    }

    /// <summary>The schema of the value itself, where it may also be null.</summary>
    private static JsonObject Unwrap(JsonObject schema) =>
        schema["oneOf"] is JsonArray choices
            ? (JsonObject)choices.First(choice => choice!["type"] is not JsonValue type || type.ToString() != "null")!
            : schema;

    /// <summary>The validator of an object within: it is made where it is needed, without an input at hand.</summary>
    private static IValidator? NestedOf(IPropertyValidator validator)
    {
        if (validator is not IChildValidatorAdaptor)
            return null;
        var type = validator.GetType();
        while (type is { IsGenericType: false } || type!.GetGenericTypeDefinition() != typeof(ChildValidatorAdaptor<,>))
            type = type.BaseType!;
        var input = type.GetGenericArguments()[0];
        var context = Activator.CreateInstance(typeof(ValidationContext<>).MakeGenericType(input), [null]);
        return (IValidator?)
            type.GetMethod("GetValidator", BindingFlags.Public | BindingFlags.Instance)!
                .Invoke(validator, [context, null]);
    }

    private static bool IsText(JsonObject value) =>
        value["type"] switch
        {
            JsonArray types => types.Any(type => type!.ToString() == "string"),
            { } type => type.ToString() == "string",
            null => false,
        };

    private static bool IsNumber(object limit) => limit is int or long or decimal or double or float;

    private static JsonNode Number(object limit) =>
        JsonSerializer.SerializeToNode(Convert.ToDecimal(limit, CultureInfo.InvariantCulture))!;

    private static string KeywordOf(Comparison comparison) =>
        comparison switch
        {
            Comparison.GreaterThan => "exclusiveMinimum",
            Comparison.GreaterThanOrEqual => "minimum",
            Comparison.LessThan => "exclusiveMaximum",
            Comparison.LessThanOrEqual => "maximum",
            _ => "const",
        };
}
