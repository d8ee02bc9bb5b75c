using FluentValidation;
using FluentValidation.Validators;

namespace Practice.Shared.Http;

/// <summary>What a rule means for the API document: the keywords of JSON Schema that say the same.</summary>
public sealed record SchemaFacts
{
    /// <summary>Whether the rule rejects an absent value.</summary>
    public bool Required { get; init; }

    public string? Format { get; init; }

    public string? Pattern { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }
}

/// <summary>A rule that says what it means for the API document.</summary>
public interface IDocumentedRule
{
    SchemaFacts Facts { get; }
}

/// <summary>Rules of own code, from which nobody could read what they accept: they carry it with them.</summary>
public static class DocumentedRules
{
    /// <summary>As <c>Must</c>, and the API document says so.</summary>
    public static IRuleBuilderOptions<T, TValue> MustBe<T, TValue>(
        this IRuleBuilder<T, TValue> rule,
        Func<TValue, bool> isValid,
        SchemaFacts facts
    ) => rule.SetValidator(new DocumentedRule<T, TValue>((_, value) => isValid(value), facts));

    /// <inheritdoc cref="MustBe{T, TValue}(IRuleBuilder{T, TValue}, Func{TValue, bool}, SchemaFacts)"/>
    public static IRuleBuilderOptions<T, TValue> MustBe<T, TValue>(
        this IRuleBuilder<T, TValue> rule,
        Func<T, TValue, bool> isValid,
        SchemaFacts facts
    ) => rule.SetValidator(new DocumentedRule<T, TValue>(isValid, facts));

    /// <summary>At most so many items, where the list is given.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> AtMost<T, TItem>(
        this IRuleBuilder<T, IReadOnlyList<TItem>?> rule,
        int maxItems
    ) => rule.MustBe(items => items is null || items.Count <= maxItems, new SchemaFacts { MaxItems = maxItems });

    private sealed class DocumentedRule<T, TValue>(Func<T, TValue, bool> isValid, SchemaFacts facts)
        : PropertyValidator<T, TValue>,
            IDocumentedRule
    {
        public override string Name => "DocumentedRule";

        public SchemaFacts Facts => facts;

        public override bool IsValid(ValidationContext<T> context, TValue value) =>
            isValid(context.InstanceToValidate, value);
    }
}
