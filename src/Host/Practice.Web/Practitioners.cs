using Practice.Client;

namespace Practice.Web;

/// <summary>Whom an appointment can be with.</summary>
internal static class Practitioners
{
    private const int AtOnce = 200;

    /// <summary>The practice's active practitioners, as far as the person may book with them: with oneself, or with everybody.</summary>
    public static async Task<IReadOnlyList<(string Value, string Text)>> ReadAsync(PracticeApi api, CurrentPractice.Practice here)
    {
        var all = new List<(string Value, string Text)>();
        string? after = null;
        do
        {
            var page = (await api.ListMembersAsync(here.Id, status: "active", roleType: "practitioner", limit: AtOnce, after: after)).Result;
            all.AddRange(page.Items.Where(member => here.May("othersCalendars") || member.UserId == here.Me.Id).Select(member => (member.UserId.ToString(), NameOf(member))));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static string NameOf(MemberView member) => string.Join(' ', new[] { member.Title, member.FirstName, member.LastName }.Where(part => !string.IsNullOrEmpty(part)));
}
