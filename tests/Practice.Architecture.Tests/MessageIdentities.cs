using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Snapshooter.Xunit;
using Wolverine;

namespace Practice.Architecture.Tests;

/// <summary>
/// What messages are called in the database, and the queues that they wait in there. A message stored under a name that
/// the next version does not know is never handled, so a type or a handler that was renamed or moved shows here, to be
/// decided on.
/// </summary>
public sealed class MessageIdentities
{
    [Fact]
    public async Task Stored_messages_keep_their_names_and_queues()
    {
        await using var scope = (await TestApp.StartedAsync()).Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        var messages = Stored(Codebase.Real).ToList();
        Assert.NotEmpty(messages);
        Snapshot.Match(Describe(messages, bus), "Messages");
    }

    /// <summary>Every message without an answer is stored: an event, or what a module schedules for itself.</summary>
    [Fact]
    public void A_message_with_an_answer_is_never_stored() => Rule.Holds(Codebase.Real.Modules, StoredWithAnswer);

    [Fact]
    public void One_that_is_sent_to_be_answered_later_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            StoredWithAnswer,
            "Practice.Bad.BadPostponed stores BadLater, which nobody then answers"
        );

    private static IEnumerable<Type> Stored(Codebase code) =>
        Handlers
            .Of(code)
            .Select(handler => handler.Message)
            .Where(message => Handlers.PromisedAnswer(message) is null)
            .Distinct()
            .OrderBy(message => message.FullName, StringComparer.Ordinal);

    private static string Describe(IEnumerable<Type> messages, IMessageBus bus)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            // What it says is of no matter, only what it is.
            var envelopes = bus.PreviewSubscriptions(RuntimeHelpers.GetUninitializedObject(message));
            text.Append($"{string.Join(", ", envelopes.Select(envelope => envelope.MessageType).Distinct())}\n");
            foreach (var queue in envelopes.Select(envelope => $"{envelope.Destination}").Order(StringComparer.Ordinal))
                text.Append($"  {queue}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> StoredWithAnswer(Module module) =>
        from type in Mono.Cecil.Rocks.ModuleDefinitionRocks.GetAllTypes(module.Own.Il.MainModule)
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        where
            instruction.Operand
                is Mono.Cecil.GenericInstanceMethod { Name: "PublishAsync" or "SendAsync" or "ScheduleAsync" } sent
            && sent.DeclaringType.Namespace == "Wolverine"
        let message = ((Mono.Cecil.GenericInstanceMethod)instruction.Operand).GenericArguments[0]
        where message.Resolve()?.Interfaces.Any(one => one.InterfaceType.Name is "ICommand`1" or "IQuery`1") == true
        select $"{Mentions.Outermost(type).FullName} stores {message.Name}, which nobody then answers";
}
