using Practice.Shared.Messaging;

namespace Practice.TestKit;

/// <summary>A host that handles a message which the tested one has in hand, too, and is first.</summary>
public static class AnotherHost
{
    /// <summary>Marks the invitation that waits for the module of users.</summary>
    /// <returns>How many there were.</returns>
    public static Task<int> HandlesInvitation(TestApp app) =>
        app.Owner.Execute(
            """
            update messaging.wolverine_incoming_envelopes set status = 'Handled'
            where status = 'Incoming' and message_type like '%UserInvited' and received_at like '%users%'
            """
        );

    /// <summary>Whether the tested host has noticed. Wolverine logs what it discards.</summary>
    public static bool WasFirst(TestApp app) =>
        app.Log.Errors.Any(line => line.Contains(nameof(AlreadyHandledException), StringComparison.Ordinal));
}
