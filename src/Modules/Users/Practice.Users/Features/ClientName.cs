using System.Text;

namespace Practice.Users.Features;

/// <summary>
/// The client's own name for itself, so that people recognize their devices in the list of sessions.
/// </summary>
internal static class ClientName
{
    private const int MaxLength = 200;

    public static string? Of(HttpRequest request)
    {
        // By runes: half of a surrogate pair is no text, and cannot be stored.
        var agent = string.Concat(
                request
                    .Headers.UserAgent.ToString()
                    .EnumerateRunes()
                    .Where(character => !Rune.IsControl(character))
                    .Take(MaxLength)
            )
            .Trim();
        return agent.Length == 0 ? null : agent;
    }
}
