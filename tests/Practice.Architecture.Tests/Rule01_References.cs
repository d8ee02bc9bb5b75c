using System.Xml.Linq;

namespace Practice.Architecture.Tests;

/// <summary>1. A module's project references only <c>Practice.Shared</c> and <c>Practice.Contracts.*</c>; the compiled references agree.</summary>
public sealed class Rule01_References
{
    [Fact]
    public void A_modules_project_file_references_only_Shared_and_contracts() => Rule.Holds(Codebase.Real.Modules, InProjectFile);

    [Fact]
    public void A_project_file_that_references_another_module_is_caught() => Rule.Catches(Codebase.Bad.Modules, InProjectFile,
        "Practice.Bad.csproj references Practice.Groups",
        "Practice.Bad.csproj references Practice.Locations",
        "Practice.Bad.csproj references Practice.Users");

    [Fact]
    public void A_modules_assembly_references_only_Shared_and_contracts() => Rule.Holds(Codebase.Real.Modules, InAssembly);

    [Fact]
    public void An_assembly_that_references_another_module_is_caught() => Rule.Catches(Codebase.Bad.Modules, InAssembly,
        "Practice.Bad.dll references Practice.Groups",
        "Practice.Bad.dll references Practice.Locations",
        "Practice.Bad.dll references Practice.Users");

    private static IEnumerable<string> InProjectFile(Module module) =>
        from reference in XDocument.Load(module.Own.ProjectFile).Descendants()
        where reference.Name.LocalName is "ProjectReference" or "Reference"
        let name = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
        where !IsAllowed(name)
        select $"{module.Own.Name}.csproj references {name}";

    private static IEnumerable<string> InAssembly(Module module) =>
        from reference in module.Own.Assembly.GetReferencedAssemblies()
        where reference.Name!.StartsWith("Practice.", StringComparison.Ordinal) && !IsAllowed(reference.Name)
        select $"{module.Own.Name}.dll references {reference.Name}";

    /// <summary>Practice.Messages, the interfaces of contracts, comes along with Practice.Shared.</summary>
    private static bool IsAllowed(string name) =>
        name is "Practice.Shared" or "Practice.Messages" || name.StartsWith("Practice.Contracts.", StringComparison.Ordinal);
}
