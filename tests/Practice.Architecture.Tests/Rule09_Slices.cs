using System.Xml.Linq;
using Carter;
using Mono.Cecil;

namespace Practice.Architecture.Tests;

/// <summary>9. Slices do not reference sibling slices. Shared knows no module. The host alone sees them all.</summary>
public sealed class Rule09_Slices
{
    [Fact]
    public void A_slices_endpoint_and_handler_are_known_in_its_own_file_only() =>
        Rule.Holds(Uses(Codebase.Real), Trespasses);

    [Fact]
    public void A_slice_that_knows_the_inside_of_another_is_caught() =>
        Rule.Catches(
            Uses(Codebase.Bad),
            Trespasses,
            "Slices.cs uses BadSliceEndpoint of OtherSlice.cs",
            "Slices.cs uses BadSlice of OtherSlice.cs",
            "Slices.cs uses BadSliceHandler of OtherSlice.cs",
            "Walls.cs uses BadSliceHandler of OtherSlice.cs"
        );

    [Fact]
    public void Shared_knows_no_module() => Rule.Holds(Shared, Knows);

    [Fact]
    public void A_shared_assembly_that_knows_a_module_is_caught() =>
        Rule.Catches(
            [Codebase.Bad.Modules.Single().Own.Il],
            Knows,
            "Practice.Bad has SQL on groups: select * from bad.things join groups.members on true",
            "Practice.Bad has SQL on groups: select count(*)::int as \"Value\" from groups.members",
            "Practice.Bad has SQL on users: select * from users.accounts",
            "Practice.Bad names Practice.Groups",
            "Practice.Bad names Practice.Locations",
            "Practice.Bad names Practice.Users",
            "Practice.Bad references Practice.Contracts.Bad",
            "Practice.Bad references Practice.Groups",
            "Practice.Bad references Practice.Locations",
            "Practice.Bad references Practice.Shared",
            "Practice.Bad references Practice.Users"
        );

    private static IEnumerable<AssemblyDefinition> Shared =>
        new[] { typeof(Practice.Shared.IModule).Assembly, typeof(Practice.Messages.IEvent).Assembly }.Select(assembly =>
            AssemblyDefinition.ReadAssembly(assembly.Location)
        );

    /// <summary>By reference, by name, or by SQL on a module's tables.</summary>
    private static IEnumerable<string> Knows(AssemblyDefinition shared)
    {
        var name = shared.Name.Name;
        var texts = Mentions.Texts(shared).Select(written => written.Text).Distinct().ToList();
        return shared
            .MainModule.AssemblyReferences.Select(reference => reference.Name)
            .Where(reference =>
                reference.StartsWith("Practice.", StringComparison.Ordinal) && reference != "Practice.Messages"
            )
            .Select(reference => $"{name} references {reference}")
            .Concat(
                Codebase
                    .Real.Modules.Where(module =>
                        texts.Any(text => text.Contains(module.Own.Name, StringComparison.Ordinal))
                    )
                    .Select(module => $"{name} names {module.Own.Name}")
            )
            .Concat(
                texts.SelectMany(text =>
                    Rule07_Database.SchemasNamedIn(text).Select(schema => $"{name} has SQL on {schema}: {text}")
                )
            )
            .Distinct();
    }

    [Fact]
    public void The_host_alone_sees_the_modules() => Rule.Holds(OtherProjects(Codebase.Real), SeesAModule);

    [Fact]
    public void The_host_sees_every_module()
    {
        var host = Path.Combine(Codebase.Real.Root, "src", "Host", "Practice.Host", "Practice.Host.csproj");
        Assert.Equal(
            Codebase.Real.Modules.Select(module => module.Own.Name),
            References(host).Intersect(Codebase.AllModules).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Another_project_that_sees_a_module_is_caught() =>
        Rule.Catches(OtherProjects(Codebase.Bad), SeesAModule, "Practice.BadWeb sees Practice.Locations");

    /// <summary>Each use of one type of a module by another, whatever lies between: generic arguments, attributes, lambdas.</summary>
    private static IEnumerable<(TypeDefinition User, TypeDefinition Used)> Uses(Codebase code) =>
        (
            from module in code.Modules
            from mention in Mentions.Of(module.Own.Il)
            let used = mention.Type as TypeDefinition
            where used is not null
            select (mention.User, Mentions.Outermost(used))
        ).Distinct();

    /// <summary>Another's endpoint and handler are its inside, and so is what one slice's endpoint sends, to another slice.</summary>
    private static IEnumerable<string> Trespasses((TypeDefinition User, TypeDefinition Used) use)
    {
        if (FileOf(use.Used) is not { } file || FileOf(use.User) is not { } from || file == from)
            yield break;
        var isInside = IsHandler(use.Used) || IsEndpoint(use.Used);
        var isCommand =
            use.Used.Interfaces.Any(one => one.InterfaceType.Name == "ICommand`1")
            && HasEndpoint(file, use.Used)
            && HasEndpoint(from, use.User);
        if (isInside || isCommand)
            yield return $"{Path.GetFileName(from)} uses {use.Used.Name} of {Path.GetFileName(file)}";
    }

    private static bool IsHandler(TypeDefinition type) => type.Name.EndsWith("Handler", StringComparison.Ordinal);

    private static bool IsEndpoint(TypeDefinition type) =>
        type.Interfaces.Any(one => one.InterfaceType.Name == nameof(ICarterModule));

    private static bool HasEndpoint(string file, TypeDefinition type) =>
        type.Module.Types.Any(other => IsEndpoint(other) && FileOf(other) == file);

    /// <summary>All projects but the host and the modules.</summary>
    private static IEnumerable<string> OtherProjects(Codebase code) =>
        from file in Directory.EnumerateFiles(Path.Combine(code.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        let name = Path.GetFileNameWithoutExtension(file)
        where
            name != "Practice.Host"
            && !file.StartsWith(Path.Combine(code.Root, "src", "Modules"), StringComparison.Ordinal)
        select file;

    private static IEnumerable<string> SeesAModule(string projectFile) =>
        from name in References(projectFile)
        where Codebase.AllModules.Contains(name)
        select $"{Path.GetFileNameWithoutExtension(projectFile)} sees {name}";

    private static IEnumerable<string> References(string projectFile) =>
        from reference in XDocument.Load(projectFile).Descendants()
        where reference.Name.LocalName is "ProjectReference" or "Reference"
        select Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));

    /// <summary>The source file that a type, or the type around it, was compiled from.</summary>
    private static string? FileOf(TypeDefinition type) => FilesOf(Mentions.Outermost(type)).FirstOrDefault();

    /// <summary>What lies within counts: of an async method the lines are in a type that the compiler made.</summary>
    private static IEnumerable<string> FilesOf(TypeDefinition type) =>
        type
            .Methods.Where(method => method.DebugInformation.HasSequencePoints)
            .Select(method => method.DebugInformation.SequencePoints[0].Document.Url)
            .Concat(type.NestedTypes.SelectMany(FilesOf));
}
