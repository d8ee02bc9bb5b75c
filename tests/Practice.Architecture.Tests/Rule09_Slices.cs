using System.Xml.Linq;
using Carter;
using Mono.Cecil;

namespace Practice.Architecture.Tests;

/// <summary>
/// 9. Slices do not use sibling slices. Shared knows no module. The host alone sees them all.
/// <para>
/// A slice is a file with an endpoint or a handler in a subject's folder under <c>Features</c>, or a workflow's folder
/// below that, with all its files. A subject's folder is the first one on the way from <c>Features</c> that has files:
/// <c>Features/Members/ChangeAccess.cs</c> is a slice, <c>Features/Members/AddUser/*</c> is one slice together, and
/// where <c>Features/Portal</c> has only folders, <c>Features/Portal/Records</c> is a subject's. A workflow has one
/// endpoint.
/// </para>
/// <para>
/// What is in a slice's file is the slice's, helpers and views at its end included. A file without endpoint or handler,
/// such as an input or a view of several slices, belongs to the slices in its folder and below. A rule that two slices
/// need belongs in <c>Domain</c>.
/// </para>
/// </summary>
public sealed class Rule09_Slices
{
    /// <summary>Slices that use another, and why.</summary>
    private static readonly Dictionary<string, string> Allowed = new[]
    {
        "ImportMembersEndpoint uses UserAdded",
        "ImportMembersEndpoint uses AddUserWorkflow",
        "ImportMembersEndpoint uses AddUsersBatch",
    }.ToDictionary(
        use => $"Features/Members/Import/ImportMembers.cs: {use} of Features/Members/AddUser",
        _ => "an import adds people as the form does: one workflow with two entrances"
    );

    /// <summary>Workflows with more than one endpoint, and why they are one slice.</summary>
    private static readonly Dictionary<string, string> SeveralEndpoints = [];

    [Fact]
    public void What_is_in_a_slices_file_is_used_there_alone()
    {
        Assert.NotEmpty(Codebase.Real.Modules.SelectMany(Slices));
        Rule.None(Codebase.Real.Modules.SelectMany(Trespasses).Except(Allowed.Keys));
        Assert.Empty(Allowed.Keys.Except(Codebase.Real.Modules.SelectMany(Trespasses)));
    }

    [Fact]
    public void A_slice_that_uses_another_is_caught_whatever_it_uses_and_wherever() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            Trespasses,
            "Features/Slices.cs: BadNeighbour uses BadSlice of Features/Other/OtherSlice.cs",
            "Features/Slices.cs: BadNeighbour uses BadSliceEndpoint of Features/Other/OtherSlice.cs",
            "Features/Slices.cs: BadNeighbour uses BadSliceHandler of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadBorrower uses BadShared of Features/Other/Shared.cs",
            "Features/Things/Bodiless.cs: BadCallback uses BadSliceDone of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadConstrained`1 uses BadSliceBase of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadDerived uses BadSliceBase of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadHolder uses BadSliceKind of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadIntruder uses BadStep of Features/Other/Workflow",
            "Features/Things/Bodiless.cs: BadLambda uses BadSliceNumbers of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadList uses BadSliceEndpoint of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadMarked uses BadSliceMarkAttribute of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: BadShape uses IBadSliceShape of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: IBadBorrowed uses BadSliceView of Features/Other/OtherSlice.cs",
            "Features/Things/Bodiless.cs: IBadShaped uses IBadSliceShape of Features/Other/OtherSlice.cs",
            "Walls.cs: BadBystander uses BadSliceHandler of Features/Other/OtherSlice.cs"
        );

    [Fact]
    public void A_workflow_has_one_endpoint()
    {
        Rule.None(Codebase.Real.Modules.SelectMany(Crowded).Except(SeveralEndpoints.Keys));
        Assert.Empty(SeveralEndpoints.Keys.Except(Codebase.Real.Modules.SelectMany(Crowded)));
    }

    [Fact]
    public void Two_slices_in_the_folder_of_a_workflow_are_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            Crowded,
            "Practice.Bad/Features/Other/TwoEndpoints has 2 endpoints: BadOneEndpoint, BadTwoEndpoint"
        );

    [Fact]
    public void Every_type_of_a_module_has_a_source_file() => Rule.Holds(Codebase.Real.Modules, module =>
        {
            using var files = new SourceFiles(module.Own);
            return module
                .Own.Types.Where(type => !type.IsNested)
                .Select(type => module.Own.Il.MainModule.GetType(type.FullName))
                .Where(type => files.Of(type).Count == 0)
                .Select(type => $"{type.FullName} has no source file")
                .ToList();
        });

    [Fact]
    public void Shared_knows_no_module()
    {
        Assert.Contains(Shared, shared => shared.Name.Name == "Practice.Authorization");
        Rule.Holds(Shared, Knows);
    }

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
            "Practice.Bad references Practice.Authorization",
            "Practice.Bad references Practice.Contracts.Bad",
            "Practice.Bad references Practice.Groups",
            "Practice.Bad references Practice.Locations",
            "Practice.Bad references Practice.Messages",
            "Practice.Bad references Practice.Shared",
            "Practice.Bad references Practice.Users"
        );

    /// <summary>What the shared assemblies may reference of each other; those that are not named, nothing.</summary>
    private static readonly Dictionary<string, string[]> SharedReferences = new()
    {
        ["Practice.Shared"] = ["Practice.Authorization", "Practice.Csv", "Practice.Messages", "Practice.Time"],
    };

    /// <summary>Every project under <c>src/Shared</c>, as compiled; the client is the front end's (rule 10).</summary>
    internal static IEnumerable<AssemblyDefinition> Shared =>
        from folder in Directory.EnumerateDirectories(Path.Combine(Codebase.Real.Root, "src", "Shared"))
        let name = Path.GetFileName(folder)
        where name != "Practice.Client"
        select AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

    /// <summary>
    /// A migration that moves stored messages to the queues of renamed handlers names them, as they were then.
    /// </summary>
    private static readonly string[] QueueNames =
    [
        "Practice.Shared.Persistence.Platform.MessageQueues",
        "Practice.Shared.Persistence.Platform.QueuesOfEvents",
    ];

    /// <summary>By reference, by name, or by SQL on a module's tables.</summary>
    private static IEnumerable<string> Knows(AssemblyDefinition shared)
    {
        var name = shared.Name.Name;
        var texts = Mentions
            .Texts(shared)
            .Where(written => !QueueNames.Contains(written.User.FullName))
            .Select(written => written.Text)
            .Distinct()
            .ToList();
        return shared
            .MainModule.AssemblyReferences.Select(reference => reference.Name)
            .Where(reference =>
                reference.StartsWith("Practice.", StringComparison.Ordinal)
                && !SharedReferences.GetValueOrDefault(name, []).Contains(reference)
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

    /// <summary>
    /// Uses of a slice's types outside the slice, of a folder's shared types outside the folder, and of handlers and
    /// endpoints outside their file, wherever they are.
    /// </summary>
    private static List<string> Trespasses(Module module)
    {
        using var files = new SourceFiles(module.Own);
        var features = Features(module);
        var slices = Slices(module);
        var known = new Dictionary<TypeDefinition, IReadOnlyList<string>>();
        return
        [
            .. from mention in Mentions.Of(module.Own.Il)
            let type = mention.Type as TypeDefinition
            where type is not null
            let used = Mentions.Outermost(type)
            where used != mention.User && !IsComposition(mention.User)
            let owner = FilesOf(used).Where(file => IsOwned(used, file)).Select(OwnerOf).FirstOrDefault()
            where owner is not null && !FilesOf(mention.User).Any(file => file == owner || IsBelow(file, owner))
            group used by (mention.User, Used: used) into use
            let place = FilesOf(use.Key.User).Select(Relative).FirstOrDefault("nowhere")
            let home = FilesOf(use.Key.Used).Select(file => Relative(UnitOf(file, features))).First()
            select $"{place}: {use.Key.User.Name} uses {use.Key.Used.Name} of {home}",
        ];

        IReadOnlyList<string> FilesOf(TypeDefinition type) =>
            known.TryGetValue(type, out var found)
                ? found
                : known[type] = [.. files.Of(type).Where(file => IsBelow(file, module.Own.Folder))];

        bool IsOwned(TypeDefinition type, string file) =>
            IsBelow(file, features) || IsHandler(type) || IsEndpoint(type);

        // A slice, or the folder whose slices share what is in a file that is none.
        string OwnerOf(string file) =>
            UnitOf(file, features) is var unit && (!IsBelow(file, features) || slices.Contains(unit))
                ? unit
                : Path.GetDirectoryName(unit)!;

        string Relative(string path) =>
            Path.GetRelativePath(module.Own.Folder, path).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The slices of a module: files, and the folders of workflows.</summary>
    private static HashSet<string> Slices(Module module)
    {
        using var files = new SourceFiles(module.Own);
        return
        [
            .. from type in module.Own.Il.MainModule.Types
            where IsEndpoint(type) || IsHandler(type)
            from file in files.Of(type)
            where IsBelow(file, Features(module))
            select UnitOf(file, Features(module)),
        ];
    }

    private static string Features(Module module) => Path.Combine(module.Own.Folder, "Features");

    /// <summary>What may be a slice: the file itself, or the workflow's folder that it is in.</summary>
    private static string UnitOf(string file, string features)
    {
        if (!IsBelow(file, features))
            return file;
        var folders = Path.GetRelativePath(features, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar);
        var folder = features;
        for (var depth = 0; depth < folders.Length - 1; depth++)
        {
            folder = Path.Combine(folder, folders[depth]);
            if (Directory.EnumerateFiles(folder, "*.cs").Any())
                return Path.Combine(folder, folders[depth + 1]);
        }

        return file;
    }

    private static List<string> Crowded(Module module)
    {
        using var files = new SourceFiles(module.Own);
        var features = Features(module);
        return
        [
            .. from type in module.Own.Il.MainModule.Types
            where IsEndpoint(type)
            from file in files.Of(type)
            let slice = UnitOf(file, features)
            where slice != file
            group type.Name by slice into endpoints
            where endpoints.Count() > 1
            let folder = Path.GetRelativePath(module.Folder, endpoints.Key).Replace(Path.DirectorySeparatorChar, '/')
            select $"{folder} has {endpoints.Count()} endpoints: "
                + string.Join(", ", endpoints.Order(StringComparer.Ordinal)),
        ];
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith($"{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static bool IsHandler(TypeDefinition type) => type.Name.EndsWith("Handler", StringComparison.Ordinal);

    private static bool IsEndpoint(TypeDefinition type) =>
        type.Interfaces.Any(one => one.InterfaceType.Name == nameof(ICarterModule));

    /// <summary>The type that tells the host what the module is made of.</summary>
    private static bool IsComposition(TypeDefinition type) => type.BaseType?.Name == "Module`1";

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
}
