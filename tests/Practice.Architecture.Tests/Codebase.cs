using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Mono.Cecil;

namespace Practice.Architecture.Tests;

/// <summary>A tree of modules on disk: the real one, or the sample that breaks the rules.</summary>
public sealed class Codebase
{
    private Codebase(string root, string assemblies)
    {
        Root = root;
        Modules =
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(root, "src", "Modules"))
                .Order(StringComparer.Ordinal)
                .Select(folder => new Module(Path.GetFileName(folder), folder, assemblies)),
        ];
    }

    public static Codebase Real { get; } = new(Checkout.Folder, AppContext.BaseDirectory);

    public static Codebase Bad { get; } =
        new(
            Path.Combine(Checkout.Folder, "tests", "Practice.Architecture.BadSamples"),
            Path.Combine(AppContext.BaseDirectory, "BadSamples")
        );

    public string Root { get; }

    /// <summary>Every folder of <c>src/Modules</c>: a fifth is held to the rules as soon as it is there.</summary>
    public IReadOnlyList<Module> Modules { get; }

    /// <summary>The names of all modules' own projects, which begin their namespaces; the bad one's too.</summary>
    public static IReadOnlyList<string> AllModules =>
        [.. Real.Modules.Concat(Bad.Modules).Select(module => module.Own.Name)];
}

/// <summary>
/// A module: its contracts and its own project, loaded in this order because the second refers to the first.
/// </summary>
public sealed class Module(string name, string folder, string assemblies)
{
    public string Name { get; } = name;

    public string Folder { get; } = folder;

    public Project Contracts { get; } = new($"Practice.Contracts.{name}", folder, assemblies);

    public Project Own { get; } = new($"Practice.{name}", folder, assemblies);

    public override string ToString() => Name;
}

/// <summary>A project on disk and what was compiled from it.</summary>
public sealed class Project(string name, string moduleFolder, string assemblies)
{
    private AssemblyDefinition? _il;

    public string Name { get; } = name;

    public string Folder { get; } = Path.Combine(moduleFolder, name);

    public string ProjectFile => Path.Combine(Folder, $"{Name}.csproj");

    public Assembly Assembly { get; } =
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(assemblies, $"{name}.dll"));

    /// <summary>The compiled code, with the source files it came from.</summary>
    public AssemblyDefinition Il =>
        _il ??= AssemblyDefinition.ReadAssembly(Assembly.Location, new ReaderParameters { ReadSymbols = true });

    /// <summary>
    /// All types from source files, without those of the compiler or of Wolverine's source generator.
    /// </summary>
    public IEnumerable<Type> Types =>
        Assembly
            .GetTypes()
            .Where(type =>
                !type.FullName!.Contains('<', StringComparison.Ordinal)
                && !type.IsDefined(typeof(CompilerGeneratedAttribute))
                && type.Namespace != "JasperFx.Generated"
            );

    public override string ToString() => Name;
}
