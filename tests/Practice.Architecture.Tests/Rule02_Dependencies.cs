using Mono.Cecil;
using Mono.Cecil.Rocks;
using NetArchTest.Rules;

namespace Practice.Architecture.Tests;

/// <summary>2. No type of a module depends on another module, without exemptions.</summary>
public sealed class Rule02_Dependencies
{
    [Fact]
    public void No_type_of_a_module_depends_on_another_module() => Rule.Holds(Codebase.Real.Modules, ByNetArchTest);

    [Fact]
    public void A_type_that_depends_on_another_module_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            ByNetArchTest,
            "Practice.Bad.BadField depends on another module",
            "Practice.Bad.BadNames depends on another module"
        ); // it takes a text that names a type for the type

    /// <summary>
    /// NetArchTest passes over what the compiler makes of async lambdas, and over arguments of attributes. The
    /// assembly's own tables don't.
    /// </summary>
    [Fact]
    public void Nor_does_anything_the_compiler_made_of_it_nor_an_attribute() =>
        Rule.Holds(Codebase.Real.Modules, InMetadata);

    [Fact]
    public void An_async_lambda_or_an_attribute_that_names_another_module_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            InMetadata,
            "Practice.Bad refers to Practice.Groups.Data.GroupsDbContext",
            "Practice.Bad refers to Practice.Groups.Domain.RoleType",
            "Practice.Bad refers to Practice.Locations.Data.LocationsDbContext",
            "Practice.Bad refers to Practice.Users.Data.UsersDbContext",
            "Practice.Bad.BadAttribute is marked with Practice.Users.Data.UsersDbContext",
            "Practice.Bad.BadAttributes is marked with Practice.Groups.Data.GroupsDbContext",
            "Practice.Bad.BadAttributes is marked with Practice.Locations.Data.LocationsDbContext",
            "Practice.Bad.BadAttributes is marked with Practice.Users.Data.UsersDbContext",
            "Practice.Bad.BadValues is marked with Practice.Groups.Domain.RoleType",
            "Practice.Bad is marked with Practice.Groups.Data.GroupsDbContext"
        );

    [Fact]
    public void Every_type_lies_in_its_own_modules_namespace() => Rule.Holds(Projects(Codebase.Real), InNamespaces);

    [Fact]
    public void A_type_in_another_modules_namespace_is_caught() =>
        Rule.Catches(
            Projects(Codebase.Bad),
            InNamespaces,
            "Practice.Groups.Features.Bad.BadSquatter lies outside Practice.Bad"
        );

    private static IEnumerable<Project> Projects(Codebase code) =>
        code.Modules.SelectMany(module => new[] { module.Own, module.Contracts });

    private static string[] OthersThan(Module module) =>
        [.. Codebase.AllModules.Where(name => name != module.Own.Name)];

    private static IEnumerable<string> ByNetArchTest(Module module) =>
        from type in Types
            .InAssembly(module.Own.Assembly)
            .ShouldNot()
            .HaveDependencyOnAny(OthersThan(module))
            .GetResult()
            .FailingTypeNames
            ?? []
        select $"{type} depends on another module";

    private static IEnumerable<string> InMetadata(Module module)
    {
        var others = OthersThan(module);
        foreach (
            var reference in module
                .Own.Il.MainModule.GetTypeReferences()
                .Where(reference => others.Contains(reference.Scope.Name))
        )
        {
            yield return $"{module.Own.Name} refers to {reference.FullName}";
        }

        foreach (var type in module.Own.Il.MainModule.GetAllTypes())
        {
            foreach (
                var named in Mentions
                    .Attributes(type)
                    .SelectMany(TypesIn)
                    .Where(named => others.Contains(named.Scope.Name))
            )
                yield return $"{type.FullName} is marked with {named.FullName}";
        }

        foreach (
            var named in module
                .Own.Il.CustomAttributes.Concat(module.Own.Il.MainModule.CustomAttributes)
                .SelectMany(TypesIn)
                .Where(named => others.Contains(named.Scope.Name))
        )
            yield return $"{module.Own.Name} is marked with {named.FullName}";
    }

    /// <summary><c>typeof(Dictionary&lt;One, Other[]&gt;)</c> names all three.</summary>
    private static IEnumerable<TypeReference> TypesIn(CustomAttribute attribute) =>
        Mentions.Arguments(attribute).OfType<TypeReference>().SelectMany(Mentions.Parts).OfType<TypeReference>();

    private static IEnumerable<string> InNamespaces(Project project) =>
        from type in project.Types
        where
            type.Namespace != project.Name
            && type.Namespace?.StartsWith($"{project.Name}.", StringComparison.Ordinal) != true
        select $"{type.FullName} lies outside {project.Name}";
}
