using System.Globalization;
using Practice.Shared.Messaging;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.DeadLetterManagement;

namespace Practice.Host.Commands;

/// <summary><c>dead-letters</c>: the messages that failed until nobody tried again.</summary>
internal static class DeadLetterCommands
{
    private const string All = "all";
    private const int PageSize = 100;

    public static async Task<int> ListAsync(IServiceProvider services, TextWriter console)
    {
        var letters = Of(services);
        var shown = 0;
        for (var page = 1; ; page++)
        {
            var found = await letters.QueryAsync(
                new DeadLetterEnvelopeQuery { PageNumber = page, PageSize = PageSize },
                default
            );
            foreach (var letter in found.Envelopes)
                await console.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{letter.Id}  {letter.FailedAt ?? letter.SentAt:yyyy-MM-dd HH:mm:ss}Z  {letter.MessageType}  "
                            + $"{letter.ExceptionType}{(letter.Replayable ? "  (to be tried again)" : "")}"
                    )
                );
            shown += found.Envelopes.Count;
            if (found.Envelopes.Count < PageSize)
                break;
        }

        await console.WriteLineAsync(
            shown == 0 ? "No message has failed." : string.Create(CultureInfo.InvariantCulture, $"{shown} in all.")
        );
        return 0;
    }

    /// <summary>
    /// What the message says is left out, and what the error says unless the sentence is ours: they may name people.
    /// The host's log has the error, by the message's id.
    /// </summary>
    public static async Task<int> ShowAsync(IServiceProvider services, string id, TextWriter console)
    {
        var letter = await FindAsync(services, id);
        await console.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                message    {letter.MessageType}
                queue      {letter.ReceivedAt}
                sent       {letter.SentAt:yyyy-MM-dd HH:mm:ss}Z
                failed     {letter.FailedAt:yyyy-MM-dd HH:mm:ss}Z
                deleted    {letter.ExecutionTime:yyyy-MM-dd}
                error      {letter.ExceptionType}
                """
            )
        );
        if (letter.ExceptionType == typeof(MessageGivenUpException).FullName)
            await console.WriteLineAsync($"reason     {letter.ExceptionMessage}");
        return 0;
    }

    public static async Task<int> ReplayAsync(IServiceProvider services, string which, TextWriter console)
    {
        var done = await Of(services).ReplayMatchingAsync(await QueryAsync(services, which), default);
        await console.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{done.Affected} marked: a running host handles them again.")
        );
        return 0;
    }

    public static async Task<int> DiscardAsync(IServiceProvider services, string which, TextWriter console)
    {
        var done = await Of(services).DiscardMatchingAsync(await QueryAsync(services, which), default);
        await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Affected} deleted."));
        return 0;
    }

    private static IDeadLetters Of(IServiceProvider services) =>
        services.GetRequiredService<IMessageStore>().DeadLetters;

    private static async Task<DeadLetterEnvelopeQuery> QueryAsync(IServiceProvider services, string which) =>
        which == All
            ? new DeadLetterEnvelopeQuery()
            : new DeadLetterEnvelopeQuery { MessageIds = [(await FindAsync(services, which)).Id] };

    private static async Task<DeadLetterEnvelope> FindAsync(IServiceProvider services, string id) =>
        Guid.TryParse(id, out var known) && await Of(services).DeadLetterEnvelopeByIdAsync(known) is { } letter
            ? letter
            : throw new StartupException($"No failed message has the id {id}. `dead-letters list` shows the ids.");
}
