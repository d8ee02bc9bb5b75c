using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Practice.Architecture.Tests;

/// <summary>
/// The benchmark compares the product with a raw baseline that answers the same JSON. It stops where they differ, but
/// runs too seldom to notice a new property in time.
/// </summary>
public sealed partial class RawBaseline
{
    [Theory]
    [InlineData("Member", "MemberView")]
    [InlineData("Patient", "PatientView")]
    [InlineData("EmergencyContact", "EmergencyContact")]
    [InlineData("Grant", "GrantView")]
    [InlineData("MyGroup", "MyGroup")]
    public void It_has_the_properties_of_the_answer_in_their_order(string raw, string view)
    {
        var type = Codebase.Real.Modules.SelectMany(module => module.Own.Types).Single(type => type.Name == view);
        Assert.Equal(PropertiesOf(type), RawPropertiesOf(raw));
    }

    private static IEnumerable<string> PropertiesOf(Type view) =>
        view.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .Select(property => property.Name);

    private static IEnumerable<string> RawPropertiesOf(string record)
    {
        var source = File.ReadAllText(
            Path.Combine(Checkout.Folder, "tests", "Practice.Benchmarks", "Raw", "RawJson.cs")
        );
        var declared = Records().Matches(source).Single(match => match.Groups["name"].Value == record);
        return declared.Groups["property"].Captures.Select(property => property.Value);
    }

    [GeneratedRegex(@"record (?<name>\w+)\((?:\s*[\w\[\]?]+ (?<property>\w+),?)+\s*\);")]
    private static partial Regex Records();
}
