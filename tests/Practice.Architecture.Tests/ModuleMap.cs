using System.Text;
using Mono.Cecil;
using Mono.Cecil.Rocks;
using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>Who tells, asks and orders whom, read from the compiled code and written as <c>docs/module-map.md</c>.</summary>
public sealed class ModuleMap
{
    private const string Rewrite = "PRACTICE_WRITE_MODULE_MAP";

    private static readonly string File = Path.Combine(Codebase.Real.Root, "docs", "module-map.md");

    [Fact]
    public async Task The_module_map_tells_who_talks_to_whom_today()
    {
        var map = Write(Codebase.Real);
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
            await System.IO.File.WriteAllTextAsync(File, map);

        Assert.Equal(map, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public void Every_event_that_a_module_hears_is_one_that_another_module_raises() =>
        Rule.Holds(Subscriptions(Codebase.Real), Unraised);

    /// <summary>An event and a handler that reacts to it.</summary>
    private static IEnumerable<Handler> Subscriptions(Codebase code) =>
        Handlers.Of(code).Where(handler => handler.Message.IsAssignableTo(typeof(IEvent)));

    private static IEnumerable<string> Unraised(Handler subscription)
    {
        if (!Uses(Codebase.Real, subscription.Message).Any())
            yield return $"{subscription.Type.Name} waits for {subscription.Message.Name}, which nobody raises";
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

            Who talks to whom, read from the compiled code by `tests/Practice.Architecture.Tests/ModuleMap.cs`, which fails when this page
            is out of date; `{Rewrite}=1 dotnet test tests/Practice.Architecture.Tests` writes it anew.

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
            "```\n\nSolid: asks or orders, and waits for the answer. Dotted: hears of what has happened, in a transaction of its own.\n\n## Events\n\n| event | raised by | heard by |\n|---|---|---|\n"
        );
        foreach (var (owner, type) in events)
        {
            var heardBy = handlers
                .Where(handler => handler.Message == type)
                .Select(handler => $"{handler.Module} (`{handler.Type.Name}`)")
                .Order(StringComparer.Ordinal);
            text.Append($"| `{type.Name}` | {owner} | {string.Join(", ", heardBy.DefaultIfEmpty("nobody yet"))} |\n");
        }

        text.Append("\n## Questions and orders\n\n| message | answered by | sent by |\n|---|---|---|\n");
        foreach (var (owner, type) in calls)
            text.Append(
                $"| `{type.Name}` | {owner} | {string.Join(", ", Users(type).Select(user => user.Name).DefaultIfEmpty("nobody yet"))} |\n"
            );
        return text.ToString();

        IEnumerable<Module> Users(Type message) => Uses(code, message);
    }

    /// <summary>The modules whose code makes such a message.</summary>
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
