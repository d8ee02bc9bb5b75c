using Practice.Client;

namespace Practice.Web;

/// <summary>Whom an appointment can be with.</summary>
internal static class Practitioners
{
    /// <summary>The practice's active practitioners, as far as the person may book with them: with oneself, or with everybody.</summary>
    public static async Task<IReadOnlyList<(string Value, string Text)>> ReadAsync(
        PracticeApi api,
        CurrentPractice.Practice here
    ) =>
        [
            .. (await api.AllActiveMembersAsync(here.Id, roleType: "practitioner"))
                .Where(member => here.May("othersCalendars") || member.UserId == here.Me.Id)
                .Select(member => (member.UserId.ToString(), Words.Full(member))),
        ];
}
