namespace Practice.Architecture.Tests;

/// <summary>
/// What a module's <c>Domain</c> says is true however it was called: requests are read and answers are written in
/// <c>Features</c>. Status codes are numbers, and errors have them.
/// </summary>
public sealed class DomainKnowsNoHttp
{
    [Fact]
    public void The_domain_names_no_type_of_requests_or_answers() => Rule.Holds(Codebase.Real.Modules, Named);

    [Fact]
    public void A_domain_that_reads_a_request_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            Named,
            "Practice.Bad.Domain.BadOverheard names Microsoft.AspNetCore.Http.HttpContext",
            "Practice.Bad.Domain.BadOverheard names Microsoft.AspNetCore.Http.HttpRequest",
            "Practice.Bad.Domain.BadOverheard names Practice.Shared.Http.QueryValue`1"
        );

    private static IEnumerable<string> Named(Module module) =>
        (
            from mention in Mentions.Of(module.Own.Il)
            where
                mention.User.Namespace == $"{module.Own.Name}.Domain"
                || mention.User.Namespace.StartsWith($"{module.Own.Name}.Domain.", StringComparison.Ordinal)
            let name = mention.Type.FullName
            where
                name.StartsWith("Microsoft.AspNetCore.Http.", StringComparison.Ordinal)
                || name.StartsWith("Practice.Shared.Http.QueryValue", StringComparison.Ordinal)
            select $"{mention.User.FullName} names {name}"
        ).Distinct();
}
