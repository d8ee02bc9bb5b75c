using Practice.Client;

namespace Practice.Web;

/// <summary>The practitioners for whom the person can book an appointment.</summary>
internal static class Practitioners
{
    /// <summary>
    /// The active practitioners: all of them, or only the person themselves where they cannot edit other calendars.
    /// </summary>
    public static async Task<IReadOnlyList<(string Value, string Text)>> ReadAsync(
        PracticeApi api,
        CurrentPractice.Practice here
    ) =>
        [
            .. (await api.AllActiveMembersAsync(here.Id, roleType: "practitioner"))
                .Where(member => here.May("othersCalendars") || member.UserId == here.Me.Id)
                .Select(member => (member.UserId.ToString(), Labels.Full(member))),
        ];
}
