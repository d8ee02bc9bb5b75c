namespace Practice.TestKit;

/// <summary>
/// Several calls at the same moment, a hundred times: a guard that holds by luck does not hold so often.
/// </summary>
public static class AtOnce
{
    private const int Rounds = 100;

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
        for (var round = 1; round <= Rounds; round++)
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
