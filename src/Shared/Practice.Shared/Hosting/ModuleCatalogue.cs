using System.Reflection;

namespace Practice.Shared.Hosting;

/// <summary>
/// The modules of this build, found among the assemblies beside the host: referencing one is all it takes to add it.
/// </summary>
public static class ModuleCatalogue
{
    public static IReadOnlyList<IModule> Find() =>
        [
            .. Directory
                .EnumerateFiles(AppContext.BaseDirectory, "Practice.*.dll")
                .Select(file => Assembly.Load(AssemblyName.GetAssemblyName(file)))
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type is { IsAbstract: false, IsClass: true } && type.IsAssignableTo(typeof(IModule)))
                .OrderBy(type => type.FullName, StringComparer.Ordinal)
                .Select(type => (IModule)Activator.CreateInstance(type, nonPublic: true)!),
        ];
}
