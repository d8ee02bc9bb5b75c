using System.Reflection;
using Practice.Shared.Audit;
using Practice.Shared.Hosting;

namespace Practice.Host.Tests;

/// <summary>What the audit of a practice shows is a sentence.</summary>
public sealed class AuditSentenceTests
{
    /// <summary>Acts in a portal account or of a person, which no practice's audit shows.</summary>
    private static readonly string[] OfNoPractice =
    [
        "portal.access_decided",
        "portal.access_granted",
        "portal.access_requested",
        "portal.access_withdrawn",
        "portal.account_exported",
        "portal.account_opened",
        "portal.account_taken_over",
        "portal.ages_changed",
        "portal.dependant_added",
        "portal.guardian_added",
        "portal.guardian_left",
        "portal.guardian_requested",
        "portal.guardianship_declined",
    ];

    [Fact]
    public async Task Every_act_in_a_practice_has_a_sentence()
    {
        var person = await (await TestApp.StartedAsync()).SignUpAndConfirm();
        var known = (await person.Api.Get("/api/audit-acts")).Should(200).Items;

        Assert.Equal(
            [],
            ModuleCatalogue
                .Find()
                .SelectMany(module => module.GetType().Assembly.GetTypes())
                .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public))
                .Where(property => property.PropertyType == typeof(AuditAct))
                .Select(property => ((AuditAct)property.GetValue(null)!).Code)
                .Where(act => !act.StartsWith("users.", StringComparison.Ordinal))
                .Except(OfNoPractice)
                .Except(known.Select(act => act.GetProperty("code").GetString()!))
                .Order(StringComparer.Ordinal)
        );
    }
}
