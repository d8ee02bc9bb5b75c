namespace Practice.Architecture.Tests;

/// <summary>4. Every question and every order has exactly one handler, in its owner, which returns exactly the promised type.</summary>
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
        Rule.Catches(ContractMessages(Codebase.Bad), message => Violations(message, Handlers.Of(Codebase.Bad)),
            "BadAskedTwice has 2 handlers: BadAskedTwiceHandler, BadAskedTwiceAgainHandler",
            "BadUnanswered has 0 handlers: ",
            "BadMisansweredHandler answers BadMisanswered with BadAnswer instead of ErrorOr`1");

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
            yield return $"{message.Name} has {found.Count} handlers: {string.Join(", ", found.Select(handler => handler.Type.Name))}";

        foreach (var handler in found)
        {
            if (handler.Module != owner)
                yield return $"{handler.Type.Name} answers {message.Name} in {handler.Module}, which belongs to {owner}";
            if (handler.Answer != Handlers.PromisedAnswer(message))
                yield return $"{handler.Type.Name} answers {message.Name} with {handler.Answer.Name} instead of {Handlers.PromisedAnswer(message)!.Name}";
        }
    }
}
