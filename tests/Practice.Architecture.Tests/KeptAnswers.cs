using System.Text.Json;
using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>
/// For calls with an <c>Idempotency-Key</c> a command's answer is kept as JSON: it must come back from there.
/// </summary>
public sealed class KeptAnswers
{
    [Fact]
    public void The_answer_of_every_command_can_be_kept_and_read_back() => Rule.Holds(Answers(Codebase.Real), Problem);

    [Fact]
    public void An_answer_that_can_not_be_read_back_is_caught() =>
        Rule.Catches([typeof(NotReadable)], Problem, "NotReadable can't be read back from JSON");

    private static IEnumerable<Type> Answers(Codebase code) =>
        code
            .Modules.SelectMany(module => module.Own.Types)
            .SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICommand<>))
            .Select(type => type.GetGenericArguments()[0])
            .Distinct();

    private static IEnumerable<string> Problem(Type answer)
    {
        var readable = true;
        try
        {
            JsonSerializer.Deserialize("{}", answer, JsonSerializerOptions.Web);
        }
        catch (NotSupportedException)
        {
            readable = false;
        }

        if (!readable)
            yield return $"{answer.Name} can't be read back from JSON";
    }

    private sealed class NotReadable
    {
        private NotReadable() { }

        public static NotReadable Make() => new();
    }
}
