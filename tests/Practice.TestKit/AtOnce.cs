using System.Globalization;

namespace Practice.TestKit;

/// <summary>
/// Several calls at the same moment, again and again: a guard that holds by luck does not hold so often.
/// </summary>
public static class AtOnce
{
    /// <summary>For a long run after a change to locks: how many times as many rounds.</summary>
    private const string Factor = "PRACTICE_TEST_ROUNDS";

    /// <summary>How many rounds a test makes.</summary>
    /// <param name="usual">As many as find a missing guard nearly always, on every build.</param>
    public static int Rounds(int usual) =>
        usual
        * (
            int.TryParse(Environment.GetEnvironmentVariable(Factor), CultureInfo.InvariantCulture, out var times)
                ? times
                : 1
        );

    /// <summary>
    /// In every round exactly one call is answered with this status, and the others get the expected error.
    /// </summary>
    /// <param name="prepare">Prepares a round and returns its calls.</param>
    public static async Task OneWins(
        int status,
        (int Status, string Code) others,
        Func<Task<Func<Task<Answer>>[]>> prepare
    )
    {
        for (var round = 1; round <= Rounds(8); round++)
        {
            var calls = await prepare();
            var answers = await Task.WhenAll(calls.Select(call => Task.Run(call)));
            if (answers.Count(answer => answer.Status == status) != 1)
                throw new AnswerException(
                    $"Round {round}: exactly one should have won.{Environment.NewLine}"
                        + string.Join(Environment.NewLine, answers.Select(answer => $"{answer}"))
                );
            foreach (var lost in answers.Where(answer => answer.Status != status))
                lost.Should(others.Status, others.Code);
        }
    }
}
