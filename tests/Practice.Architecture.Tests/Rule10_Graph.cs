using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mono.Cecil;
using NetArchTest.Rules;

namespace Practice.Architecture.Tests;

/// <summary>
/// 10. The contracts graph has no cycle, and no query leads back to itself. <c>Practice.Web</c> references only
/// <c>Practice.Client</c>, and <c>Practice.Csv</c> and <c>Practice.Time</c>, which know nothing of the product.
/// </summary>
public sealed class Rule10_Graph
{
    private const string Web = "Practice.Web",
        Client = "Practice.Client",
        Csv = "Practice.Csv",
        Time = "Practice.Time";

    [Fact]
    public void The_contracts_graph_has_no_cycle() =>
        Rule.Holds(Contracts(Codebase.Real.Root), contract => Cycles(contract, ContractReferences(Codebase.Real.Root)));

    [Fact]
    public void Contracts_that_refer_to_each_other_are_caught()
    {
        var root = Path.Combine(Codebase.Bad.Root, "Cycle");
        Rule.Catches(
            Contracts(root),
            contract => Cycles(contract, ContractReferences(root)),
            "Practice.Contracts.Hen → Practice.Contracts.Egg → Practice.Contracts.Hen",
            "Practice.Contracts.Egg → Practice.Contracts.Hen → Practice.Contracts.Egg"
        );
    }

    /// <summary>
    /// Modules may ask each other, but a handler must not wait for an answer to the very message that it is handling.
    /// </summary>
    [Fact]
    public void No_query_or_command_leads_back_to_itself()
    {
        var asked = AskedWhileAnswering(Codebase.Real);
        Assert.NotEqual(0, asked.Sum(message => message.Value.Count));
        Rule.Holds(asked.Keys, message => Cycles(message, asked));
    }

    [Fact]
    public void A_query_that_leads_back_to_itself_is_caught()
    {
        var asked = AskedWhileAnswering(Codebase.Bad);
        Rule.Catches(
            asked.Keys,
            message => Cycles(message, asked),
            "BadAsksOn → BadAskedBack → BadAsksOn",
            "BadAskedBack → BadAsksOn → BadAskedBack"
        );
    }

    [Fact]
    public void The_front_ends_project_references_only_the_client() =>
        Rule.Holds(FrontEnd(Codebase.Real, Web, Client, Csv, Time), InProjectFiles);

    [Fact]
    public void The_front_ends_assembly_references_only_the_client() =>
        Rule.Holds(FrontEnd(Codebase.Real, Web, Client, Csv, Time), InAssemblies);

    [Fact]
    public void No_type_of_the_front_end_depends_on_the_server() =>
        Rule.Holds(FrontEnd(Codebase.Real, Web, Client, Csv, Time), ByNetArchTest);

    [Fact]
    public void A_front_end_that_knows_the_server_is_caught()
    {
        var bad = FrontEnd(Codebase.Bad, "Practice.BadWeb", "Practice.BadClient").ToList();
        Rule.Catches(
            bad,
            InProjectFiles,
            "Practice.BadWeb.csproj references Practice.Locations",
            "Practice.BadWeb.csproj references Practice.Shared",
            "Practice.BadClient.csproj references Practice.Contracts.Groups"
        );
        Rule.Catches(
            bad,
            InAssemblies,
            "Practice.BadWeb.dll references Practice.Authorization",
            "Practice.BadClient.dll references Practice.Contracts.Groups"
        );
        Rule.Catches(
            bad,
            ByNetArchTest,
            "Practice.BadWeb.Page depends on the server",
            "Practice.BadClient.Call depends on the server"
        );
    }

    /// <summary>
    /// The namespaces that pages and client may use; whatever is missing here is the server's, or no business of
    /// theirs. Searching for types by name passes over async lambdas, attributes and what is caught; their own code
    /// names them all.
    /// </summary>
    private static readonly string[] Known =
    [
        "System",
        "System.Collections",
        "System.ComponentModel",
        "System.Diagnostics",
        "System.Globalization",
        "System.IO",
        "System.Linq",
        "System.Net",
        "System.Runtime.CompilerServices",
        "System.Security",
        "System.Text",
        "System.Threading",
        "Microsoft.AspNetCore",
        "Microsoft.Extensions",
        "Microsoft.Net.Http.Headers",
        "QRCoder",
    ];

    /// <summary>Namespaces below these that are none of the front end's all the same.</summary>
    private static readonly string[] Unknown = ["System.IO.Pipes", "System.Net.Sockets", "System.Net.Mail"];

    [Fact]
    public void The_front_end_uses_no_namespace_but_those_that_it_may_know() =>
        Rule.Holds(FrontEnd(Codebase.Real, Web, Client, Csv, Time), InCode);

    [Fact]
    public void A_database_or_a_server_in_its_lambdas_attributes_and_catches_is_caught() =>
        Rule.Catches(
            FrontEnd(Codebase.Bad, "Practice.BadWeb", "Practice.BadClient"),
            InCode,
            "Practice.BadClient.Call uses Practice.Contracts.Groups.MemberJoined",
            "Practice.BadClient.Storage uses Npgsql.NpgsqlException",
            "Practice.BadWeb.CatchingPage uses Npgsql.NpgsqlException",
            "Practice.BadWeb.LambdaPage uses Npgsql.NpgsqlConnection",
            "Practice.BadWeb.MarkedPage uses Npgsql.NpgsqlException",
            "Practice.BadWeb.Page uses Practice.Authorization.Access",
            "Practice.BadWeb.ReflectingPage names Practice.Groups",
            "Practice.BadWeb.ReflectingPage uses System.Type::GetType"
        );

    private static IEnumerable<string> InCode(FrontEndProject project)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, project.Assembly));
        string[] known = [.. Known, .. project.MayKnow];
        return
        [
            .. (
                from mention in Mentions.Of(assembly)
                where mention.Type is not TypeDefinition // its own, and what the compiler adds to it
                let used = NamespaceOf(mention.Type)
                where !IsOneOf(used, known) || IsOneOf(used, Unknown)
                select $"{mention.User.FullName} uses {mention.Type.FullName}"
            )
                .Concat(
                    from mention in Mentions.Of(assembly)
                    where Rule02_Detours.FindsCode(mention)
                    select $"{mention.User.FullName} uses {mention.Name}"
                )
                .Concat(
                    from written in Mentions.Texts(assembly)
                    from module in Codebase.AllModules
                    where Regex.IsMatch(written.Text, $@"\b{Regex.Escape(module)}\b")
                    select $"{written.User.FullName} names {module}"
                )
                .Distinct(),
        ];

        static bool IsOneOf(string used, string[] namespaces) =>
            namespaces.Any(one => used == one || used.StartsWith($"{one}.", StringComparison.Ordinal));
    }

    /// <summary>A nested type has its namespace from the type around it.</summary>
    private static string NamespaceOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Namespace;
    }

    private sealed record FrontEndProject(string Name, string ProjectFile, string Assembly, string[] MayKnow);

    /// <summary>The pages and the client, found on disk and beside the host; both must be there.</summary>
    private static IEnumerable<FrontEndProject> FrontEnd(
        Codebase code,
        string web,
        string client,
        params string[] besides
    ) =>
        from project in new[]
        {
            (Name: web, Folder: Path.Combine("src", "Host", web), MayKnow: (string[])[client, .. besides]),
            (client, Path.Combine("src", "Shared", client), []),
        }
        select new FrontEndProject(
            project.Name,
            Path.Combine(code.Root, project.Folder, $"{project.Name}.csproj"),
            Path.Combine(code == Codebase.Real ? "" : "BadSamples", $"{project.Name}.dll"),
            project.MayKnow
        );

    private static IEnumerable<string> InProjectFiles(FrontEndProject project) =>
        from name in ReferencesIn(project.ProjectFile)
        where name.StartsWith("Practice.", StringComparison.Ordinal) && !project.MayKnow.Contains(name)
        select $"{project.Name}.csproj references {name}";

    private static IEnumerable<string> InAssemblies(FrontEndProject project)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, project.Assembly));
        return
        [
            .. from reference in assembly.MainModule.AssemblyReferences
            where
                reference.Name.StartsWith("Practice.", StringComparison.Ordinal)
                && !project.MayKnow.Contains(reference.Name)
            select $"{project.Name}.dll references {reference.Name}",
        ];
    }

    private static IEnumerable<string> ByNetArchTest(FrontEndProject project)
    {
        string[] server =
        [
            .. Codebase.AllModules,
            "Practice.Contracts",
            "Practice.Messages",
            "Practice.Authorization",
            "Practice.Shared",
            "Practice.Host",
            "Wolverine",
            "Npgsql",
            "Microsoft.EntityFrameworkCore",
        ];
        return from type in Types
                .FromFile(project.Assembly)
                .ShouldNot()
                .HaveDependencyOnAny(server)
                .GetResult()
                .FailingTypeNames
                ?? []
            select $"{type} depends on the server";
    }

    private static IEnumerable<string> Contracts(string root) =>
        Directory
            .EnumerateFiles(
                Path.Combine(root, "src", "Modules"),
                "Practice.Contracts.*.csproj",
                SearchOption.AllDirectories
            )
            .Select(file => Path.GetFileNameWithoutExtension(file)!);

    private static Dictionary<string, HashSet<string>> ContractReferences(string root) =>
        Directory
            .EnumerateFiles(
                Path.Combine(root, "src", "Modules"),
                "Practice.Contracts.*.csproj",
                SearchOption.AllDirectories
            )
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file)!,
                file =>
                    ReferencesIn(file)
                        .Where(name => name.StartsWith("Practice.Contracts.", StringComparison.Ordinal))
                        .ToHashSet()
            );

    private static IEnumerable<string> ReferencesIn(string projectFile) =>
        from reference in XDocument.Load(projectFile).Descendants()
        where reference.Name.LocalName is "ProjectReference" or "Reference" or "PackageReference"
        let include = reference.Attribute("Include")?.Value.Replace('\\', '/')
        where include is not null
        select include.EndsWith(".csproj", StringComparison.Ordinal)
        || include.EndsWith(".dll", StringComparison.Ordinal)
            ? Path.GetFileNameWithoutExtension(include)
            : include;

    private static IEnumerable<string> Cycles(string from, IReadOnlyDictionary<string, HashSet<string>> edges)
    {
        return Walk([from]);

        IEnumerable<string> Walk(IReadOnlyList<string> path) =>
            edges
                .GetValueOrDefault(path[^1], [])
                .SelectMany(next =>
                    next == from ? [string.Join(" → ", path.Append(next))]
                    : path.Contains(next) ? []
                    : Walk([.. path, next])
                );
    }

    /// <summary>
    /// For each message with an answer, those that its handler creates, itself or in what it calls in its module.
    /// </summary>
    private static Dictionary<string, HashSet<string>> AskedWhileAnswering(Codebase code)
    {
        var answered = Handlers
            .Of(code)
            .Where(handler => Handlers.PromisedAnswer(handler.Message) is not null)
            .ToList();
        var names = answered.Select(handler => handler.Message.FullName!).ToHashSet();
        return answered
            .GroupBy(handler => handler.Message.Name)
            .ToDictionary(
                group => group.Key,
                group =>
                    group
                        .SelectMany(handler =>
                            Reached(handler)
                                .SelectMany(method => method.Body.Instructions)
                                .Select(instruction => instruction.Operand)
                                .OfType<MethodReference>()
                                .Where(made => made.Name == ".ctor" && names.Contains(made.DeclaringType.FullName))
                                .Select(made => made.DeclaringType.Name)
                        )
                        .ToHashSet()
            );
    }

    private static HashSet<MethodDefinition> Reached(Handler handler)
    {
        var start = handler
            .Module.Own.Il.MainModule.GetType(handler.Type.FullName!.Replace('+', '/'))
            .Methods.Single(method =>
                method.Name == handler.Method.Name
                && method.Parameters[0].ParameterType.FullName == handler.Message.FullName!.Replace('+', '/')
            );
        var reached = new HashSet<MethodDefinition>();
        var open = new Queue<MethodDefinition>([start]);
        while (open.TryDequeue(out var method))
        {
            if (!method.HasBody || !reached.Add(method))
                continue;
            foreach (
                var called in method
                    .Body.Instructions.Select(instruction => instruction.Operand)
                    .OfType<MethodReference>()
                    .Select(called => called.GetElementMethod())
                    .OfType<MethodDefinition>()
            )
                open.Enqueue(called);
            // An async method's or an iterator's body is in a type of the compiler's.
            foreach (
                var made in method
                    .CustomAttributes.SelectMany(Mentions.Arguments)
                    .OfType<TypeDefinition>()
                    .SelectMany(type => type.Methods)
            )
                open.Enqueue(made);
        }

        return reached;
    }
}
