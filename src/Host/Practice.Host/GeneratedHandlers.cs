using System.Reflection;

namespace Practice.Host;

/// <summary>
/// The code that Wolverine generates around each handler (transaction, authorization, inbox mark). The build runs
/// <c>codegen write</c> and compiles the result into an assembly next to the host (Practice.Host.csproj), so that no
/// call waits for a compiler.
/// </summary>
internal static class GeneratedHandlers
{
    /// <summary>The folder that <c>codegen write</c> writes to.</summary>
    public const string FolderSetting = "Handlers:Folder";

    private const string AssemblyFile = "WolverineHandlers.dll";

    /// <returns>Null while the build writes the code: the host then cannot handle messages.</returns>
    public static Assembly? Load() =>
        new FileInfo(Path.Combine(AppContext.BaseDirectory, AssemblyFile)) is { Exists: true, Length: > 0 } file
            ? Assembly.LoadFrom(file.FullName)
            : null;
}
