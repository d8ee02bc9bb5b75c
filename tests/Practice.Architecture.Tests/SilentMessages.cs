using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>
/// A message prints only its name: Wolverine logs what it failed to handle, and a message may name people or hold a
/// password.
/// </summary>
public sealed class SilentMessages
{
    [Fact]
    public void Every_message_prints_as_its_name_alone() => Rule.Holds(Messages(Codebase.Real), Talkative);

    [Fact]
    public void A_message_that_prints_what_it_carries_is_caught() =>
        Rule.Catches(
            Messages(Codebase.Bad).Where(message => message.Name == "BadBaggage"),
            Talkative,
            "BadBaggage prints what it carries"
        );

    private static IEnumerable<Type> Messages(Codebase code) =>
        Handlers
            .Of(code)
            .Select(handler => handler.Message)
            .Union(
                code.Modules.SelectMany(module => module.Contracts.Types)
                    .Where(type => type.IsAssignableTo(typeof(IEvent)) || Handlers.PromisedAnswer(type) is not null)
            );

    private static IEnumerable<string> Talkative(Type message)
    {
        if (!message.IsSubclassOf(typeof(Message)))
            yield return $"{message.Name} prints what it carries";
    }
}
