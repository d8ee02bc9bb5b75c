using System.Reflection;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Practice.Shared.Persistence;

namespace Practice.Host;

/// <summary>
/// The code that Wolverine puts around each handler (transaction, authority, inbox mark). The build has the host write it,
/// and compiles it into an assembly beside the host (Practice.Host.csproj), so that no call waits for a compiler.
/// </summary>
internal static class Handlers
{
    public const string WriteCommand = "write-handlers";

    private const string AssemblyFile = "WolverineHandlers.dll";

    /// <summary>Null where the build left it out: then the code is compiled at run time.</summary>
    public static Assembly? Load() =>
        new FileInfo(Path.Combine(AppContext.BaseDirectory, AssemblyFile)) is { Exists: true, Length: > 0 } file
            ? Assembly.LoadFrom(file.FullName)
            : null;

    /// <summary>Writes the source of every handler, for which the host need not be able to run.</summary>
    public static void Write(string folder)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        using var app = PracticeHost.Build(builder, new PracticeDatabase("Host=unused;Password=unused"));
        var collections = app.Services.GetServices<ICodeFileCollection>().ToArray();
        foreach (var collection in collections)
            collection.Rules.GeneratedCodeOutputPath = folder;
        new DynamicCodeBuilder(app.Services, collections)
        {
            ServiceVariableSource = app.Services.GetService<IServiceVariableSource>(),
        }.WriteGeneratedCode(_ => { });
    }
}
