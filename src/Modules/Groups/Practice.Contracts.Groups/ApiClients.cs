using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.Groups;

/// <summary>
/// Gives an API client an access token for its secret. An attempt with a wrong secret is
/// counted: from one address, only so many are made.
/// </summary>
/// <param name="Address">Where the call comes from.</param>
public sealed record IssueClientToken(Guid ClientId, string Secret, string Address)
    : Message,
        ICommand<ClientTokenAnswer>;

/// <param name="Token">Null if there is none.</param>
/// <param name="Seconds">How long the token lives, or how long to wait.</param>
public sealed record ClientTokenAnswer(
    [property: JsonConverter(typeof(JsonStringEnumConverter<ClientTokenOutcome>))] ClientTokenOutcome Outcome,
    string? Token,
    int Seconds
);

/// <summary>As <c>authority.open_client_session</c> answers.</summary>
public enum ClientTokenOutcome
{
    /// <summary>There is no such client, or this is not its secret.</summary>
    Wrong,
    Opened,
    Revoked,
    Expired,

    /// <summary>Too many wrong secrets came from this address.</summary>
    Wait,
}
