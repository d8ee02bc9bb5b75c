using System.Text.RegularExpressions;

namespace Practice.Architecture.Tests;

/// <summary>
/// Each version of the changelog says to operators whether the old hosts must stop, what changes for them, and whether
/// there is a way back. The runbooks send them there.
/// </summary>
public sealed partial class ChangelogUpgrades
{
    private static readonly string[] Lines = ["Hosts", "Operators", "Way back"];

    [Fact]
    public void Each_version_has_an_upgrade_section_with_a_line_for_each_question()
    {
        var changelog = File.ReadAllText(Path.Combine(Checkout.Folder, "CHANGELOG.md"));
        Assert.True(Versions(changelog).Count() >= 2);
        Rule.Holds(Versions(changelog), Faults);
    }

    [Fact]
    public void A_version_that_leaves_one_out_is_caught() =>
        Rule.Catches(
            Versions(
                """
                ## [Unreleased]

                ### Added

                - **Hosts**: in another section.

                ## [0.2.0] - 2026-12-02

                ### Upgrade

                - **Hosts**: roll.
                - **Operators**:
                  - None.
                - **Way back**:

                ### Added

                ## [0.1.0] - 2026-11-26

                ### Upgrade

                - **Hosts**: stop them.
                - **Way back**: none.
                """
            ),
            Faults,
            "Unreleased has no section Upgrade",
            "0.2.0 says nothing of Way back",
            "0.1.0 says nothing of Operators"
        );

    private static IEnumerable<string> Versions(string changelog) =>
        changelog.Split("\n## [").Select(text => $"\n{text}").Where(text => Name().IsMatch(text));

    private static IEnumerable<string> Faults(string version)
    {
        var name = Name().Match(version).Groups["name"].Value;
        if (Section().Match(version) is not { Success: true } section)
            return [$"{name} has no section Upgrade"];
        return Lines
            .Where(line => !Regex.IsMatch(section.Value, $@"^- \*\*{line}\*\*: *\n? *(- )?\w", RegexOptions.Multiline))
            .Select(line => $"{name} says nothing of {line}");
    }

    [GeneratedRegex(@"^\n(## \[)?(?<name>Unreleased|\d+\.\d+\.\d+)\]")]
    private static partial Regex Name();

    [GeneratedRegex(@"\n### Upgrade\n.*?(?=\n### |$)", RegexOptions.Singleline)]
    private static partial Regex Section();
}
