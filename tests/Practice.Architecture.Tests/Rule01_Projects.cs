using System.Text.Json;
using System.Xml.Linq;

namespace Practice.Architecture.Tests;

/// <summary>
/// 1, for every project of <c>src</c>, found from disk: it references what is allowed for it here and nothing else,
/// used or not, in its own file or in one that it imports.
/// </summary>
public sealed class Rule01_Projects
{
    private const string Shared = "Practice.Shared",
        Messages = "Practice.Messages",
        Authorization = "Practice.Authorization",
        Client = "Practice.Client",
        Web = "Practice.Web",
        Time = "Practice.Time",
        Csv = "Practice.Csv",
        EmbeddedPostgres = "Practice.EmbeddedPostgres",
        Host = "Practice.Host";

    /// <summary>
    /// What the projects beside the modules may reference of the product; of the modules' two kinds below.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Messages] = [],
        [Authorization] = [],
        [Csv] = [],
        [Time] = [],
        [Shared] = [Authorization, Csv, Messages, Time],
        [Client] = [],
        [Web] = [Client, Csv, Time],
        [EmbeddedPostgres] = [],
        [Host] = [EmbeddedPostgres, Web],
    };

    /// <summary>What is compiled from outside a project's folder, or serves the build alone, and why.</summary>
    private static readonly Dictionary<string, string> OfTheBuild = new()
    {
        ["Practice.Client.csproj compiles $(GeneratedClient)"] = "written into its own obj folder by the build",
        ["Practice.Web.csproj references NUglify"] = "of the task that makes scripts and styles smaller",
    };

    /// <summary>What imported files bring to every project under <c>src</c>, and why that is no reference.</summary>
    private static readonly Dictionary<string, string> BroughtToAll = new()
    {
        ["src/Directory.Build.props brings Import ../Directory.Build.props"] = "the settings of the whole repository",
        ["src/Directory.Build.props brings PackageReference Meziantou.Analyzer"] = "an analyzer: nothing to call",
    };

    private static readonly string[] Items = ["ProjectReference", "Reference", "PackageReference", "Compile"];

    private static string Bad => Path.Combine(Codebase.Bad.Root, "References");

    [Fact]
    public void A_project_references_what_is_allowed_for_it_and_nothing_else() =>
        Rule.Holds(Projects(Codebase.Real.Root), file => InProjectFile(file).Except(OfTheBuild.Keys));

    [Fact]
    public void A_reference_that_nothing_uses_is_caught_however_it_is_written() =>
        Rule.Catches(
            Projects(Bad),
            InProjectFile,
            "Practice.Authorization.csproj references Practice.Odd",
            "Practice.Messages.csproj references *",
            "Practice.Messages.csproj references Practice.Shared",
            "Practice.New.csproj is on no list",
            "Practice.Odd.csproj compiles ../../../Host/Practice.Web/*.cs",
            "Practice.Odd.csproj references Practice.Authorization",
            "Practice.Shared.csproj imports ../Smuggled.props",
            "Practice.Shared.csproj references Practice.Contracts.Odd",
            "Practice.Web.csproj references Practice.Shared"
        );

    /// <summary>
    /// The files that MSBuild imports by itself add nothing either: they would add it to every project.
    /// </summary>
    [Fact]
    public void No_imported_file_brings_a_reference() =>
        Assert.Equal(
            BroughtToAll.Keys.Order(StringComparer.Ordinal),
            Imported(Codebase.Real.Root).SelectMany(Brings).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void An_imported_file_that_brings_one_is_caught() =>
        Rule.Catches(
            Imported(Bad),
            Brings,
            "src/Directory.Build.targets brings Reference Practice.Odd",
            "src/Shared/Smuggled.props brings ProjectReference ../../Modules/Odd/Practice.Odd/Practice.Odd.csproj"
        );

    /// <summary>Restoring has evaluated it all: conditions, properties and imports included.</summary>
    [Fact]
    public void What_was_restored_for_a_project_is_allowed_for_it() =>
        Rule.Holds(Projects(Codebase.Real.Root), Restored);

    [Fact]
    public void What_was_restored_besides_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules.SelectMany(module => new[] { module.Own.ProjectFile, module.Contracts.ProjectFile }),
            Restored,
            "Practice.Bad is restored with Practice.Groups",
            "Practice.Bad is restored with Practice.Locations",
            "Practice.Bad is restored with Practice.PatientPortal",
            "Practice.Bad is restored with Practice.Users",
            "Practice.Contracts.Bad is restored with Practice.Shared"
        );

    private static IEnumerable<string> Projects(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "src"), "*.*proj", SearchOption.AllDirectories).Where(IsSource);

    /// <summary>Whatever MSBuild or NuGet reads beside the projects, at the root and below <c>src</c>.</summary>
    private static IEnumerable<(string Root, string File)> Imported(string root) =>
        from file in Directory
            .EnumerateFiles(root)
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories))
        where Path.GetExtension(file) is ".props" or ".targets" or ".user" && IsSource(file)
        select (root, file);

    private static bool IsSource(string file) =>
        !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin");

    private static IEnumerable<string> InProjectFile(string file)
    {
        var name = Path.GetFileName(file);
        if (AllowedFor(file) is null)
            yield return $"{name} is on no list";
        foreach (var element in XDocument.Load(file).Descendants())
        {
            var include = element.Attribute("Include")?.Value ?? element.Attribute("Update")?.Value ?? "";
            switch (element.Name.LocalName)
            {
                case "Import":
                    yield return $"{name} imports {element.Attribute("Project")?.Value}";
                    break;
                case "Compile" when include.Length > 0 && !IsBelow(include):
                    yield return $"{name} compiles {include}";
                    break;
                case "ProjectReference"
                or "Reference"
                or "PackageReference" when References(element, include) is { } referenced && !Allows(file, referenced):
                    yield return $"{name} references {referenced}";
                    break;
            }
        }
    }

    private static bool IsBelow(string include) =>
        !include.Contains("..", StringComparison.Ordinal)
        && !include.Contains('$', StringComparison.Ordinal)
        && !Path.IsPathRooted(include);

    /// <summary>The project or assembly that is meant; null for packages of others.</summary>
    private static string? References(XElement element, string include)
    {
        var last = include.Replace('\\', '/').Split('/')[^1];
        var isFile = Path.GetExtension(last) is ".csproj" or ".dll";
        var name = isFile ? Path.GetFileNameWithoutExtension(last) : last.Split(',')[0];
        return
            element.Name.LocalName == "PackageReference"
            && !name.StartsWith("Practice.", StringComparison.OrdinalIgnoreCase)
            ? null
            : name;
    }

    private static IEnumerable<string> Brings((string Root, string File) imported) =>
        from element in XDocument.Load(imported.File).Descendants()
        where Items.Contains(element.Name.LocalName) || element.Name.LocalName == "Import"
        let what = element.Attribute("Include")?.Value ?? element.Attribute("Project")?.Value
        let file = Path.GetRelativePath(imported.Root, imported.File).Replace(Path.DirectorySeparatorChar, '/')
        select $"{file} brings {element.Name.LocalName} {what}";

    private static IEnumerable<string> Restored(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        using var assets = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "obj", "project.assets.json"))
        );
        return
        [
            .. from framework in assets
                .RootElement.GetProperty("project")
                .GetProperty("restore")
                .GetProperty("frameworks")
                .EnumerateObject()
            from reference in framework.Value.GetProperty("projectReferences").EnumerateObject()
            let referenced = Path.GetFileNameWithoutExtension(reference.Name.Replace('\\', '/'))
            where !Allows(file, referenced)
            select $"{name} is restored with {referenced}",
        ];
    }

    private static bool Allows(string file, string referenced) => AllowedFor(file)?.Invoke(referenced) == true;

    /// <summary>What the project may reference; null for one that is on no list.</summary>
    private static Func<string, bool>? AllowedFor(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var folder = Path.GetDirectoryName(file)!;
        var module = Path.GetFileName(Path.GetDirectoryName(folder)!);
        var isModules = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(folder)!)!) == "Modules";
        if (isModules && name == $"Practice.Contracts.{module}")
            return referenced => referenced == Messages;
        if (isModules && name == $"Practice.{module}")
            return referenced =>
                referenced == Shared || referenced.StartsWith("Practice.Contracts.", StringComparison.Ordinal);
        if (!Allowed.TryGetValue(name, out var allowed))
            return null;
        return name == Host
            ? referenced => allowed.Contains(referenced) || Codebase.Real.Modules.Any(one => one.Own.Name == referenced)
            : referenced => allowed.Contains(referenced);
    }
}
