using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Practice.Shared.Http;

namespace Practice.Host.OpenApi;

/// <summary>
/// The doc comments of slices, from the files that the compiler writes beside each assembly: what a slice says of
/// itself is what the API document says of the call.
/// </summary>
internal sealed partial class DocComments
{
    private readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> _files = new();

    /// <summary>
    /// The comment of a call's command, else of the class that maps the route; null where neither has one.
    /// </summary>
    public string? OfCall(ApiCall call)
    {
        var command = CommandOf(call.Metadata, call.Handler);
        return (command is null ? null : OfType(command)) ?? OfType(Outermost(call.Handler.DeclaringType!));
    }

    /// <summary>The command that a call is named after, or that it names.</summary>
    /// <param name="handler">The method that answers the call.</param>
    public static Type? CommandOf(EndpointMetadataCollection metadata, MethodInfo handler)
    {
        if (metadata.GetMetadata<CommandOfOperation>() is { } named)
            return named.Command;
        var mapper = Outermost(handler.DeclaringType!);
        var operation = metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
        return mapper.Assembly.GetType($"{mapper.Namespace}.{operation}");
    }

    private string? OfType(Type type) => Read(type.Assembly, $"T:{type.FullName!.Replace('+', '.')}");

    private string? Read(Assembly assembly, string member) =>
        FileOf(assembly).TryGetValue(member, out var comment) ? TextOf(comment) : null;

    private Dictionary<string, XElement> FileOf(Assembly assembly) => _files.GetOrAdd(assembly, static assembly =>
        {
            var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
            return File.Exists(file)
                ? XDocument
                    .Load(file)
                    .Descendants("member")
                    .Where(member => member.Element("summary") is not null)
                    .DistinctBy(member => (string)member.Attribute("name")!)
                    .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!)
                : [];
        });

    private static string TextOf(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
            text.Append(
                node switch
                {
                    XText words => words.Value,
                    XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                    XElement { Name.LocalName: "see" } see => NameOf(see),
                    XElement other => other.Value,
                    _ => "",
                }
            );
        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    /// <summary>What readers of the document know it by: an operation has the name of its command.</summary>
    private static string NameOf(XElement see) =>
        (string?)see.Attribute("cref") is { } reference
            ? reference[(reference.LastIndexOf('.') + 1)..]
            : (string?)see.Attribute("langword") ?? see.Value;

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
