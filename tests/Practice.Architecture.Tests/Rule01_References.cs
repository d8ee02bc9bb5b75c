using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Practice.Architecture.Tests;

/// <summary>
/// 1. A module's project references only <c>Practice.Shared</c> and <c>Practice.Contracts.*</c>; the compiled
/// references agree. The other projects are in <see cref="Rule01_Projects"/>.
/// </summary>
public sealed class Rule01_References
{
    [Fact]
    public void A_modules_project_file_references_only_Shared_and_contracts() =>
        Rule.Holds(Codebase.Real.Modules, InProjectFile);

    [Fact]
    public void A_project_file_that_references_another_module_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            InProjectFile,
            "Practice.Bad.csproj references Practice.Groups",
            "Practice.Bad.csproj references Practice.Locations",
            "Practice.Bad.csproj references Practice.Users"
        );

    [Fact]
    public void A_modules_assembly_references_only_Shared_and_contracts() =>
        Rule.Holds(Codebase.Real.Modules, InAssembly);

    [Fact]
    public void An_assembly_that_references_another_module_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            InAssembly,
            "Practice.Bad.dll references Practice.Groups",
            "Practice.Bad.dll references Practice.Locations",
            "Practice.Bad.dll references Practice.Users"
        );

    [Fact]
    public void A_contracts_project_file_references_only_the_message_interfaces() =>
        Rule.Holds(Codebase.Real.Modules, InContractsProjectFile);

    [Fact]
    public void A_contracts_project_file_that_references_more_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            InContractsProjectFile,
            "Practice.Contracts.Bad.csproj references Practice.Shared"
        );

    /// <summary>A file linked into another project is compiled there without any reference.</summary>
    [Fact]
    public void A_module_is_compiled_of_its_own_files_alone() =>
        Rule.Holds(Projects(Codebase.Real), CompiledFromElsewhere);

    [Fact]
    public void A_source_file_of_another_module_is_caught() =>
        Rule.Catches(
            Projects(Codebase.Bad),
            CompiledFromElsewhere,
            "Practice.Bad is compiled of src/Linked/Elsewhere.cs"
        );

    [Fact]
    public void A_module_shows_its_inside_to_no_other() => Rule.Holds(Projects(Codebase.Real), Friends);

    [Fact]
    public void A_module_that_makes_another_its_friend_is_caught() =>
        Rule.Catches(Projects(Codebase.Bad), Friends, "Practice.Bad shows its inside to Practice.Groups");

    private static IEnumerable<Project> Projects(Codebase code) =>
        code.Modules.SelectMany(module => new[] { module.Own, module.Contracts });

    private static IEnumerable<string> InContractsProjectFile(Module module) =>
        from reference in XDocument.Load(module.Contracts.ProjectFile).Descendants()
        where reference.Name.LocalName is "ProjectReference" or "PackageReference" or "Reference"
        let name = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
        where name != "Practice.Messages"
        select $"{module.Contracts.Name}.csproj references {name}";

    /// <summary>The compiler notes where each file lay. What it makes up itself has no place.</summary>
    private static IEnumerable<string> CompiledFromElsewhere(Project project) =>
        from url in project
            .Il.MainModule.GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.DebugInformation.HasSequencePoints)
            .Select(method => method.DebugInformation.SequencePoints[0].Document.Url)
            .Distinct()
        where
            Path.IsPathRooted(url)
            && !url.StartsWith($"{project.Folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        let parts = url.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
        select $"{project} is compiled of {string.Join('/', parts[^3..])}";

    private static IEnumerable<string> Friends(Project project) =>
        from friend in project
            .Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false)
            .Cast<InternalsVisibleToAttribute>()
        // Tests of the domains alone, which mutations are made on.
        where friend.AssemblyName != $"{project}.Tests" && friend.AssemblyName != "Practice.Domain.Tests"
        select $"{project} shows its inside to {friend.AssemblyName}";

    private static IEnumerable<string> InProjectFile(Module module) =>
        from reference in XDocument.Load(module.Own.ProjectFile).Descendants()
        where
            reference.Name.LocalName is "ProjectReference" or "Reference"
            || (
                reference.Name.LocalName == "PackageReference"
                && reference.Attribute("Include")!.Value.StartsWith("Practice.", StringComparison.Ordinal)
            )
        let name = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
        where !IsAllowed(name)
        select $"{module.Own.Name}.csproj references {name}";

    private static IEnumerable<string> InAssembly(Module module) =>
        from reference in module.Own.Assembly.GetReferencedAssemblies()
        where reference.Name!.StartsWith("Practice.", StringComparison.Ordinal) && !IsAllowed(reference.Name)
        select $"{module.Own.Name}.dll references {reference.Name}";

    /// <summary>Practice.Shared brings along the interfaces of contracts, authorization, time and CSV.</summary>
    private static bool IsAllowed(string name) =>
        name
            is "Practice.Shared"
                or "Practice.Messages"
                or "Practice.Authorization"
                or "Practice.Csv"
                or "Practice.Time"
        || name.StartsWith("Practice.Contracts.", StringComparison.Ordinal);
}
