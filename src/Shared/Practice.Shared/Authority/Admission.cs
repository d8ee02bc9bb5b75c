using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Practice.Shared.Authority;

/// <summary>What a route asks of its caller. Every route carries one of these, or stands on the list of anonymous ones.</summary>
/// <param name="Access">The settings needed in the group named by the route; none for routes without a group.</param>
/// <param name="InGroup">Whether the caller must be an active member of the group named by the route.</param>
/// <param name="Changes">Whether the call changes the group, which a <see cref="Access.ReadOnly"/> member may not.</param>
/// <param name="TemporaryPassword">Whether a session that must change its password first is let in.</param>
/// <param name="Portal">What a route of the patient portal asks instead; null for all others.</param>
public sealed record AccessRequirement(
    Access Access,
    bool InGroup,
    bool Changes,
    bool TemporaryPassword,
    PortalNeeds? Portal = null
);

/// <summary>What a route of the patient portal asks of its caller for the account that it names, if it names one.</summary>
/// <param name="Edit">Whether it changes something, for which a grant's role must be <c>edit</c>.</param>
/// <param name="Clinical">Whether it shows clinical data, for which a grant's level must be <c>clinical</c>.</param>
/// <param name="Holder">Whether it is for the account's own person, or a dependant's guardians, alone.</param>
public sealed record PortalNeeds(bool Edit, bool Clinical, bool Holder);

/// <summary>
/// What is put before <c>authority.enter</c>: the token's hash, the group or portal account asked for and the route's requirement.
/// It travels on the message envelope from the endpoint to the handler, which runs in a scope of its own.
/// </summary>
public sealed record Admission(string? TokenHash, Guid? GroupId, Guid? AccountId, AccessRequirement Requirement)
{
    private const string Header = "practice-admission";

    /// <summary>The SHA-256 of an access token, in hex: the only form in which a token is ever stored or passed on.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public void WriteTo(IDictionary<string, string?> headers) =>
        headers[Header] = string.Create(
            CultureInfo.InvariantCulture,
            $"{TokenHash}|{GroupId}|{(int)Requirement.Access}|{Requirement.InGroup}|{Requirement.Changes}|{Requirement.TemporaryPassword}|{AccountId}|{WriteNeeds(Requirement.Portal)}"
        );

    public static Admission? ReadFrom(IDictionary<string, string?> headers)
    {
        if (!headers.TryGetValue(Header, out var text) || text is null)
            return null;
        var parts = text.Split('|');
        return new Admission(
            parts[0].Length == 0 ? null : parts[0],
            parts[1].Length == 0 ? null : Guid.Parse(parts[1]),
            parts[6].Length == 0 ? null : Guid.Parse(parts[6]),
            new AccessRequirement(
                (Access)int.Parse(parts[2], CultureInfo.InvariantCulture),
                bool.Parse(parts[3]),
                bool.Parse(parts[4]),
                bool.Parse(parts[5]),
                ReadNeeds(parts[7])
            )
        );
    }

    private static string WriteNeeds(PortalNeeds? needs) =>
        needs is null ? "" : $"{needs.Edit},{needs.Clinical},{needs.Holder}";

    private static PortalNeeds? ReadNeeds(string text) =>
        text.Split(',') is [var edit, var clinical, var holder]
            ? new PortalNeeds(bool.Parse(edit), bool.Parse(clinical), bool.Parse(holder))
            : null;
}
