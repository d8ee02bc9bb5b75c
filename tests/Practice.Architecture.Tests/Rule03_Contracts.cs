using System.Reflection;
using System.Runtime.CompilerServices;

namespace Practice.Architecture.Tests;

/// <summary>
/// 3. Contracts reference only the BCL and the shared message interfaces; they are sealed immutable records of plain
/// values.
/// </summary>
public sealed class Rule03_Contracts
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(string),
        typeof(bool),
        typeof(int),
        typeof(long),
        typeof(decimal),
        typeof(Guid),
        typeof(DateTimeOffset),
        typeof(DateOnly),
        typeof(TimeOnly),
        typeof(TimeSpan),
    ];

    [Fact]
    public void Contracts_reference_only_the_BCL_and_the_message_interfaces() =>
        Rule.Holds(Codebase.Real.Modules, References);

    [Fact]
    public void A_contract_that_brings_other_assemblies_along_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            References,
            "Practice.Contracts.Bad references Microsoft.AspNetCore.Http.Abstractions",
            "Practice.Contracts.Bad references Practice.Authorization"
        );

    [Fact]
    public void Contracts_are_sealed_immutable_records_of_plain_values() => Rule.Holds(Types(Codebase.Real), Shape);

    [Fact]
    public void A_contract_of_another_shape_is_caught() =>
        Rule.Catches(
            Types(Codebase.Bad),
            Shape,
            "BadMutable.Name can be changed",
            "BadOpenClass is no sealed record",
            "BadBaggage.Access is no plain value",
            "BadBaggage.Http is no plain value",
            "BadBaggage.Names is no plain value",
            "BadMutable.Note can be changed",
            "BadShelf.Shared is kept between messages",
            "BadShelf is no sealed record",
            "BadStruct is no sealed record"
        );

    private static IEnumerable<Type> Types(Codebase code) => code.Modules.SelectMany(module => module.Contracts.Types);

    private static IEnumerable<string> References(Module module) =>
        from reference in module.Contracts.Assembly.GetReferencedAssemblies()
        where
            reference.Name is not ("Practice.Messages" or "System" or "netstandard")
            && !reference.Name!.StartsWith("System.", StringComparison.Ordinal)
        select $"{module.Contracts.Name} references {reference.Name}";

    private static IEnumerable<string> Shape(Type type)
    {
        if (type.IsEnum)
            yield break;
        if (!type.IsSealed || type.GetMethod("<Clone>$") is null)
            yield return $"{type.Name} is no sealed record";

        foreach (
            var field in type.GetFields(
                BindingFlags.Instance
                    | BindingFlags.Static
                    | BindingFlags.Public
                    | BindingFlags.NonPublic
                    | BindingFlags.DeclaredOnly
            )
        )
        {
            if (field is { IsStatic: true, IsLiteral: false })
                yield return $"{type.Name}.{field.Name.TrimStart('<').Split('>')[0]} is kept between messages";
            else if (field is { IsStatic: false, IsPublic: true })
                yield return $"{type.Name}.{field.Name} can be changed";
        }

        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (
                property.SetMethod is { } set
                && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
            )
                yield return $"{type.Name}.{property.Name} can be changed";
            if (!IsPlain(property.PropertyType, type.Assembly))
                yield return $"{type.Name}.{property.Name} is no plain value";
        }
    }

    private static bool IsPlain(Type type, Assembly contracts) =>
        Plain.Contains(type)
        || type.Assembly == contracts
        || (Nullable.GetUnderlyingType(type) is { } underlying && IsPlain(underlying, contracts))
        || (
            type.IsGenericType
            && (
                type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                || type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            )
            && type.GetGenericArguments().All(argument => IsPlain(argument, contracts))
        );
}
