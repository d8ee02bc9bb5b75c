using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Practice.Authorization;

/// <summary>What a route requires of its caller. Every route has one, or is open to anyone.</summary>
/// <param name="Access">The settings needed in the group that the route names; none for routes without a group.</param>
/// <param name="InGroup">Whether the caller must be an active member of the group that the route names.</param>
/// <param name="Changes">Whether the call changes the group, which a <see cref="Access.ReadOnly"/> member may
/// not.</param>
/// <param name="TemporaryPassword">Whether a session that must change its password first is accepted.</param>
/// <param name="Portal">What a route of the patient portal requires instead; null for all others.</param>
/// <param name="Verified">Whether the person must have proved a moment ago who they are.</param>
/// <param name="CalendarFeed">Whether the route's own token, of a member's calendar feed, is all that is asked
/// for.</param>
/// <param name="Person">Whether only a person may call it, and no API client of the group.</param>
/// <param name="WithoutRequiredProvider">
/// Whether a session that did not begin with the provider that the group requires is accepted.
/// </param>
public sealed record AccessRequirement(
    Access Access,
    bool InGroup,
    bool Changes,
    bool TemporaryPassword,
    PortalRequirement? Portal = null,
    bool Verified = false,
    bool CalendarFeed = false,
    bool Person = false,
    bool WithoutRequiredProvider = false
)
{
    /// <summary>
    /// Whether the call takes a person: it says so, or is about the caller's own things, or is an owner's, or
    /// asks for a proof that only a person can give.
    /// </summary>
    internal bool TakesPerson => Person || Verified || !InGroup || Access.HasFlag(Access.Owner);
}

/// <summary>What a route of the patient portal requires.</summary>
/// <param name="InAccount">Whether the caller must be able to open the account that the route names.</param>
/// <param name="Edit">Whether it changes something, for which a grant's role must be <c>edit</c>.</param>
/// <param name="Clinical">Whether it shows clinical data, for which a grant's level must be <c>clinical</c>.</param>
/// <param name="Holder">Whether only the account's own person, or a dependant's guardians, may call it.</param>
public sealed record PortalRequirement(bool InAccount, bool Edit, bool Clinical, bool Holder);

/// <summary>
/// The arguments of <c>authority.authorize</c> and the like: the token's hash, the group or portal
/// account asked for, and the route's requirement. It travels on the message envelope from the endpoint
/// to the handler, which runs in a scope of its own.
/// </summary>
public sealed record AuthorizationRequest(
    string? TokenHash,
    Guid? GroupId,
    Guid? AccountId,
    AccessRequirement Requirement
)
{
    private const string Header = "practice-authorization";

    /// <summary>
    /// The SHA-256 of an access token, in hex: the only form in which a token is stored or passed on.
    /// </summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The same session, whatever group or account the call is about and whatever it asks for.</summary>
    public AuthorizationRequest OfSession() =>
        this with
        {
            GroupId = null,
            AccountId = null,
            Requirement = new(Access.None, InGroup: true, Changes: false, Requirement.TemporaryPassword),
        };

    public void WriteTo(IDictionary<string, string?> headers) => headers[Header] = JsonSerializer.Serialize(this);

    public static AuthorizationRequest? ReadFrom(IDictionary<string, string?> headers) =>
        headers.TryGetValue(Header, out var text) && text is not null
            ? JsonSerializer.Deserialize<AuthorizationRequest>(text)
            : null;
}
