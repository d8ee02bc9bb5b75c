using System.Reflection;
using System.Text;
using Practice.Messages;
using Snapshooter.Xunit;

namespace Practice.Architecture.Tests;

/// <summary>
/// What modules rely on of each other, as one page to review: each message's kind, its answer, and its fields with
/// their types. Messages wait in queues while versions change, so a change of this page is a decision. The test shows
/// it as a diff.
/// </summary>
public sealed class ContractSurface
{
    [Fact]
    public void The_contracts_are_as_they_were_reviewed()
    {
        var surface = Describe(Codebase.Real);
        Assert.Equal(
            Codebase.Real.Modules.Sum(module => module.Contracts.Types.Count()),
            surface.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
        );
        Snapshot.Match(surface, "Contracts");
    }

    [Fact]
    public void Every_kind_of_change_shows()
    {
        // The bad contracts have one of each, and a change of any of these words would be a change of the page.
        var surface = Describe(Codebase.Bad);
        Assert.Contains("  event BadMutable\n    Name: String, settable\n", surface, StringComparison.Ordinal);
        Assert.Contains("  query BadAskedTwice → BadAnswer\n", surface, StringComparison.Ordinal);
        Assert.Contains("  command BadMisanswered → BadAnswer\n", surface, StringComparison.Ordinal);
        Assert.Contains("  value BadAnswer\n    Text: String\n", surface, StringComparison.Ordinal);
        Assert.Contains("    Names: List<String>\n", surface, StringComparison.Ordinal);
    }

    private static string Describe(Codebase code)
    {
        var text = new StringBuilder();
        foreach (var module in code.Modules)
        {
            text.Append($"{module.Contracts.Name}\n");
            foreach (var type in module.Contracts.Types.OrderBy(type => type.FullName, StringComparer.Ordinal))
            {
                var inGroup = type.IsAssignableTo(typeof(IInGroup)) ? ", in a group" : "";
                var name = type.FullName![(module.Contracts.Name.Length + 1)..];
                text.Append($"  {Kind(type)} {name}{Answer(type)}{inGroup}\n");
                foreach (var line in type.IsEnum ? Values(type) : Fields(type))
                    text.Append($"    {line}\n");
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsAssignableTo(typeof(IEvent)) ? "event"
        : Handlers.IsQuery(type) ? "query"
        : Handlers.PromisedAnswer(type) is not null ? "command"
        : "value";

    private static string Answer(Type type) =>
        type.GetInterfaces()
            .Where(one =>
                one.IsGenericType
                && (
                    one.GetGenericTypeDefinition() == typeof(IQuery<>)
                    || one.GetGenericTypeDefinition() == typeof(ICommand<>)
                )
            )
            .Select(one => $" → {Name(one.GetGenericArguments()[0])}")
            .SingleOrDefault("");

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");

    private static IEnumerable<string> Fields(Type type) =>
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .OrderBy(property => property.MetadataToken)
        let nullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable
            && Nullable.GetUnderlyingType(property.PropertyType) is null
        let settable = property.SetMethod is { } set
            && !set
                .ReturnParameter.GetRequiredCustomModifiers()
                .Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))
        select $"{property.Name}: {Name(property.PropertyType)}{(nullable ? "?" : "")}{(settable ? ", settable" : "")}";

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? $"{Name(underlying)}?"
        : type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
