using Practice.Shared.Hosting;

namespace Practice.Architecture.Tests;

/// <summary>
/// 11. Modules are found from disk: every folder of <c>src/Modules</c> is held to the rules and runs in the host.
/// </summary>
public sealed class Rule11_FoundFromDisk
{
    [Fact]
    public void Every_module_on_disk_runs_in_the_host_and_no_other() =>
        Assert.Equal(
            Codebase.Real.Modules.Select(module => module.Own.Name),
            ModuleCatalogue
                .Find()
                .Select(module => module.GetType().Assembly.GetName().Name!)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_module_has_its_own_project_and_its_contracts_and_nothing_else() =>
        Rule.Holds(Codebase.Real.Modules, Layout);

    [Fact]
    public void Every_module_and_its_tests_are_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Codebase.Real.Root, "Practice.Modular.sln"));
        Rule.Holds(Codebase.Real.Modules, module =>
            from project in new[] { module.Own.Name, module.Contracts.Name, $"{module.Own.Name}.Tests" }
            where !solution.Contains($"\"{project}\"", StringComparison.Ordinal)
            select $"{project} is not in the solution"
        );
    }

    [Fact]
    public void The_bad_sample_runs_in_no_host() =>
        Assert.DoesNotContain(ModuleCatalogue.Find(), module => module.Schema == "bad");

    private static IEnumerable<string> Layout(Module module)
    {
        var projects = Directory
            .EnumerateFiles(module.Folder, "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);
        if (!projects.SequenceEqual([module.Contracts.ProjectFile, module.Own.ProjectFile]))
            yield return $"{module} is laid out otherwise: {string.Join(", ", projects)}";
    }
}
