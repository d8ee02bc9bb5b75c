using System.Text;
using Mono.Cecil;
using Mono.Cecil.Rocks;
using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>
/// Which module sends which messages to which, read from the compiled code and written as <c>docs/module-map.md</c>.
/// </summary>
public sealed class ModuleMap
{
    private const string Rewrite = "PRACTICE_WRITE_MODULE_MAP";

    private static readonly string File = Path.Combine(Codebase.Real.Root, "docs", "module-map.md");

    [Fact]
    public async Task The_module_map_is_up_to_date()
    {
        var map = Write(Codebase.Real);
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
            await System.IO.File.WriteAllTextAsync(File, map);

        Assert.Equal(map, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public void Every_event_that_a_module_subscribes_to_is_published() =>
        Rule.Holds(Subscriptions(Codebase.Real), Unpublished);

    /// <summary>The handlers of events.</summary>
    private static IEnumerable<Handler> Subscriptions(Codebase code) =>
        Handlers.Of(code).Where(handler => handler.Message.IsAssignableTo(typeof(IEvent)));

    private static IEnumerable<string> Unpublished(Handler subscription)
    {
        if (!Uses(Codebase.Real, subscription.Message).Any())
            yield return $"{subscription.Type.Name} waits for {subscription.Message.Name}, which no module publishes";
    }

    private static string Write(Codebase code)
    {
        var handlers = Handlers.Of(code);
        var messages = code
            .Modules.SelectMany(owner =>
                owner
                    .Contracts.Types.Where(type =>
                        type.IsAssignableTo(typeof(IEvent)) || Handlers.PromisedAnswer(type) is not null
                    )
                    .OrderBy(type => type.Name, StringComparer.Ordinal)
                    .Select(type => (Owner: owner, Type: type))
            )
            .ToList();
        var events = messages.Where(message => message.Type.IsAssignableTo(typeof(IEvent))).ToList();
        var calls = messages.Except(events).ToList();

        var text = new StringBuilder(
            $"""
            # Module map

            The messages between modules, read from the compiled code by
            `tests/Practice.Architecture.Tests/ModuleMap.cs`. The test fails when this page is out of date;
            `{Rewrite}=1 dotnet test tests/Practice.Architecture.Tests` rewrites it.

            ```mermaid
            flowchart LR

            """
        ).Append('\n');
        foreach (var module in code.Modules)
            text.Append($"    {module.Name}\n");
        foreach (
            var (from, label, to) in calls.SelectMany(call =>
                Users(call.Type)
                    .Where(user => user != call.Owner)
                    .Select(user => (user.Name, call.Type.Name, call.Owner.Name))
            )
        )
        {
            text.Append($"    {from} -->|{label}| {to}\n");
        }

        foreach (var (owner, type) in events)
        {
            foreach (
                var subscriber in handlers
                    .Where(handler => handler.Message == type)
                    .Select(handler => handler.Module.Name)
                    .Distinct()
            )
                text.Append($"    {owner.Name} -.->|{type.Name}| {subscriber}\n");
        }

        text.Append(
            "```\n\nSolid: sends a query or a command and waits for the answer. "
                + "Dotted: handles an event, in its own transaction.\n\n"
                + "## Events\n\n| event | published by | handled by |\n|---|---|---|\n"
        );
        foreach (var (owner, type) in events)
        {
            var handledBy = handlers
                .Where(handler => handler.Message == type)
                .Select(handler => $"{handler.Module} (`{handler.Type.Name}`)")
                .Order(StringComparer.Ordinal);
            text.Append($"| `{type.Name}` | {owner} | {string.Join(", ", handledBy.DefaultIfEmpty("none yet"))} |\n");
        }

        text.Append("\n## Queries and commands\n\n| message | handled by | sent by |\n|---|---|---|\n");
        foreach (var (owner, type) in calls)
        {
            var senders = Users(type).Select(user => user.Name).DefaultIfEmpty("none yet");
            text.Append($"| `{type.Name}` | {owner} | {string.Join(", ", senders)} |\n");
        }

        return text.ToString();

        IEnumerable<Module> Users(Type message) => Uses(code, message);
    }

    /// <summary>The modules whose code creates such a message.</summary>
    private static IEnumerable<Module> Uses(Codebase code, Type message) =>
        code.Modules.Where(module =>
            module
                .Own.Il.MainModule.GetAllTypes()
                .SelectMany(type => type.Methods)
                .Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions)
                .Any(instruction =>
                    instruction.Operand is MethodReference { Name: ".ctor" } made
                    && made.DeclaringType.FullName == message.FullName
                )
        );
}
