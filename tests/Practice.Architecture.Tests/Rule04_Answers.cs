using System.Reflection;
using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>
/// 4. Every query and every command has exactly one handler, in its owner, which returns exactly the promised type.
/// </summary>
public sealed class Rule04_Answers
{
    [Fact]
    public void Every_contract_query_and_command_is_answered_once_by_its_owner_as_promised() =>
        Rule.Holds(ContractMessages(Codebase.Real), message => Violations(message, Handlers.Of(Codebase.Real)));

    [Fact]
    public void And_so_is_every_slices_own_command() =>
        Rule.Holds(OwnMessages(Codebase.Real), message => Violations(message, Handlers.Of(Codebase.Real)));

    [Fact]
    public void A_message_answered_twice_or_never_or_by_another_type_is_caught() =>
        Rule.Catches(
            ContractMessages(Codebase.Bad),
            message => Violations(message, Handlers.Of(Codebase.Bad)),
            "BadAskedTwice has 2 handlers: BadAskedTwiceHandler, BadAskedTwiceAgainHandler",
            "BadUnanswered has 0 handlers: ",
            "BadMisansweredHandler answers BadMisanswered with BadAnswer instead of ErrorOr`1"
        );

    /// <summary>A message between modules is a contract; a message within a module is its own.</summary>
    [Fact]
    public void Every_message_that_is_handled_is_a_contract_or_the_modules_own() =>
        Rule.Holds(Handlers.Of(Codebase.Real), Foreign);

    [Fact]
    public void A_handler_of_what_is_no_message_is_caught() =>
        Rule.Catches(Handlers.Of(Codebase.Bad), Foreign, "BadTextHandler handles String, which is no message");

    [Fact]
    public void Events_and_queries_are_contracts() =>
        Rule.Holds(Codebase.Real.Modules.SelectMany(module => module.Own.Types), Hidden);

    [Fact]
    public void An_event_or_a_query_that_is_no_contract_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules.SelectMany(module => module.Own.Types),
            Hidden,
            "BadHiddenEvent is for other modules, and is in no contract",
            "BadHiddenQuery is for other modules, and is in no contract"
        );

    /// <summary>
    /// Wolverine takes public static classes named <c>*Handler</c> for handlers here; a message without one is lost
    /// silently.
    /// </summary>
    [Fact]
    public void Every_method_that_takes_a_message_is_found_as_its_handler() =>
        Rule.Holds(Codebase.Real.Modules, Overlooked);

    [Fact]
    public void A_handler_that_would_never_run_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            Overlooked,
            "BadNested.InnerHandler.Handle takes BadBaggage, and is not found as its handler",
            "BadInternalHandler.Handle takes BadBaggage, and is not found as its handler",
            "TellsOnBadBaggage.HandleAsync takes BadBaggage, and is not found as its handler"
        );

    /// <summary>Where a practice has never had a webhook, such an event is not published.</summary>
    [Fact]
    public void What_only_webhooks_hear_is_handled_by_no_other_module() =>
        Rule.Holds(Handlers.Of(Codebase.Real).Where(IsForWebhooks), Misheard);

    [Fact]
    public void Another_handler_of_what_only_webhooks_hear_is_caught() =>
        Rule.Catches(
            Handlers.Of(Codebase.Bad).Where(IsForWebhooks),
            Misheard,
            "BadListenerHandler handles BadForWebhooks, which is not always published"
        );

    private static bool IsForWebhooks(Handler handler) => handler.Message.IsAssignableTo(typeof(IForWebhooks));

    private static IEnumerable<string> Misheard(Handler handler)
    {
        if (handler.Module.Own.Assembly.GetName().Name != "Practice.Webhooks")
            yield return $"{handler.Type.Name} handles {handler.Message.Name}, which is not always published";
    }

    private static IEnumerable<string> Foreign(Handler handler)
    {
        if (
            handler.Message.Assembly != handler.Module.Own.Assembly
            && !handler.Message.Assembly.GetName().Name!.StartsWith("Practice.Contracts.", StringComparison.Ordinal)
        )
            yield return $"{handler.Type.Name} handles {handler.Message.Name}, which is no message";
    }

    private static IEnumerable<string> Hidden(Type type)
    {
        if (type.IsAssignableTo(typeof(IEvent)) || Handlers.IsQuery(type))
            yield return $"{type.Name} is for other modules, and is in no contract";
    }

    private static IEnumerable<string> Overlooked(Module module) =>
        from type in module.Own.Types
        where !Handlers.IsHandlerType(type)
        from method in type.GetMethods(
            BindingFlags.Public
                | BindingFlags.NonPublic
                | BindingFlags.Static
                | BindingFlags.Instance
                | BindingFlags.DeclaredOnly
        )
        where Handlers.HandlingNames.Contains(method.Name) && method.GetParameters().Length > 0
        let first = method.GetParameters()[0]
        where IsMessage(first.ParameterType)
        let name = $"{type.FullName!.Split('.')[^1].Replace('+', '.')}.{method.Name}"
        select $"{name} takes {first.ParameterType.Name}, and is not found as its handler";

    private static bool IsMessage(Type type) =>
        type.IsAssignableTo(typeof(Message))
        || type.IsAssignableTo(typeof(IEvent))
        || Handlers.PromisedAnswer(type) is not null;

    private static IEnumerable<(Module Owner, Type Message)> ContractMessages(Codebase code) =>
        from module in code.Modules
        from type in module.Contracts.Types
        where Handlers.PromisedAnswer(type) is not null
        select (module, type);

    private static IEnumerable<(Module Owner, Type Message)> OwnMessages(Codebase code) =>
        from module in code.Modules
        from type in module.Own.Types
        where Handlers.PromisedAnswer(type) is not null
        select (module, type);

    private static IEnumerable<string> Violations((Module Owner, Type Message) sent, IReadOnlyList<Handler> handlers)
    {
        var (owner, message) = sent;
        var found = handlers.Where(handler => handler.Message == message).ToList();
        if (found.Count != 1)
        {
            var names = string.Join(", ", found.Select(handler => handler.Type.Name));
            yield return $"{message.Name} has {found.Count} handlers: {names}";
        }

        foreach (var handler in found)
        {
            var answers = $"{handler.Type.Name} answers {message.Name}";
            if (handler.Module != owner)
                yield return $"{answers} in {handler.Module}, which belongs to {owner}";
            if (Handlers.PromisedAnswer(message) is { } promised && handler.Answer != promised)
                yield return $"{answers} with {handler.Answer.Name} instead of {promised.Name}";
        }
    }
}
