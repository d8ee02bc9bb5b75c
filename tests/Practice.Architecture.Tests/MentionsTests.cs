namespace Practice.Architecture.Tests;

/// <summary>
/// The rules see as much as their reader of compiled code does: every kind of type that a signature can have.
/// </summary>
public sealed class MentionsTests
{
    [Fact]
    public void No_written_file_is_called_as_a_generated_one() =>
        Assert.All(
            Directory
                .EnumerateFiles(Path.Combine(Codebase.Real.Root, "src"), "*.g.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Codebase.Real.Root, file).Split(Path.DirectorySeparatorChar)),
            path => Assert.Contains("obj", path)
        );

    [Fact]
    public void Every_kind_of_type_names_what_it_is_made_of() =>
        Assert.Equal(
            [
                "BadByReference",
                "BadCalled",
                "BadElement",
                "BadInner",
                "BadParameter",
                "BadPinned",
                "BadPointed",
                "BadReturned",
                "BadVolatile",
            ],
            Mentions
                .Of(Codebase.Bad.Modules.Single().Own.Il)
                .Where(mention => mention.User.Name == "BadKinds" && mention.Type.Namespace == "Practice.Bad")
                .Select(mention => mention.Type.Name)
                .Where(name => name is not "BadKinds")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_modifier_names_its_type() =>
        Assert.Contains(
            "System.Runtime.CompilerServices.IsVolatile",
            Mentions
                .Of(Codebase.Bad.Modules.Single().Own.Il)
                .Where(mention => mention.User.Name == "BadKinds")
                .Select(mention => mention.Name)
        );
}
