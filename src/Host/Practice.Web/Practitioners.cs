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
    ) => BookableBy(here, await api.AllActiveMembersAsync(here.Id, roleType: RoleType.Practitioner));

    /// <inheritdoc cref="ReadAsync"/>
    public static IReadOnlyList<(string Value, string Text)> BookableBy(
        CurrentPractice.Practice here,
        IEnumerable<MemberView> practitioners
    ) =>
        [.. practitioners.Where(member => here.May("othersCalendars") || member.UserId == here.Me.Id).Select(ChoiceOf)];

    /// <summary>All active practitioners of the practice.</summary>
    public static async Task<IReadOnlyList<(string Value, string Text)>> AllAsync(PracticeApi api, Guid groupId) =>
        [.. (await api.AllActiveMembersAsync(groupId, roleType: RoleType.Practitioner)).Select(ChoiceOf)];

    private static (string Value, string Text) ChoiceOf(MemberView member) =>
        (member.UserId.ToString(), Labels.Full(member));
}
