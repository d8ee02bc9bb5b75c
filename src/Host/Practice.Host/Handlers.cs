using System.Reflection;

namespace Practice.Host;

/// <summary>
/// The code that Wolverine puts around each handler (transaction, authorization, inbox mark). The build runs <c>codegen write</c> and
/// compiles what it writes into an assembly beside the host (Practice.Host.csproj), so that no call waits for a compiler.
/// </summary>
internal static class Handlers
{
    /// <summary>Where <c>codegen write</c> writes to.</summary>
    public const string FolderSetting = "Handlers:Folder";

    private const string AssemblyFile = "WolverineHandlers.dll";

    /// <summary>Null where the build left it out: then the code is compiled at run time.</summary>
    public static Assembly? Load() =>
        new FileInfo(Path.Combine(AppContext.BaseDirectory, AssemblyFile)) is { Exists: true, Length: > 0 } file
            ? Assembly.LoadFrom(file.FullName)
            : null;
}
