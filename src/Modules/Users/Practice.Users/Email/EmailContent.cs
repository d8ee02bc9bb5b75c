using System.Text.Json;
using System.Text.RegularExpressions;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// What a template can write about. What it needs and the message lacks throws: no email goes out with a gap.
/// </summary>
internal sealed partial class EmailContent(DeliverEmail email, IssuedLink? link, string publicUrl)
{
    public string Practice => Unlinked(email.Practice ?? throw Lacks(nameof(Practice)));

    public string From => Unlinked(email.From ?? throw Lacks(nameof(From)));

    public PortalEmailDetails Portal =>
        email.Portal is { } portal ? portal with { Account = Unlinked(portal.Account) } : throw Lacks(nameof(Portal));

    /// <summary>The first name of a practice's patient.</summary>
    public string Patient => Unlinked(email.Patient ?? throw Lacks(nameof(Patient)));

    /// <summary>As <see cref="Patient"/>; null in invitations that an earlier version stored.</summary>
    public string? InvitedPatient => email.Patient is null ? null : Patient;

    public SignInEmailDetails SignIn => email.SignIn ?? throw Lacks(nameof(SignIn));

    /// <summary>Describes the sign-up that the link confirms.</summary>
    public string SignUp => link?.SignUp ?? throw Lacks(nameof(SignUp));

    public string UnsubscribeUrl => LinkUrl("unsubscribe");

    /// <summary>What a mail program posts to at one click. A browser that opens it gets a page that asks first.</summary>
    public string OneClickUrl(EmailCategory category, IssuedLink unsubscribe) =>
        Url($"unsubscribe/one-click?category={JsonNamingPolicy.CamelCase.ConvertName(category.ToString())}")
        + $"&token={Uri.EscapeDataString(unsubscribe.Token)}";

    /// <summary>A page of the front end.</summary>
    public string Url(string path) => $"{publicUrl.TrimEnd('/')}/{path}";

    /// <summary>A page of the front end, with the token of this email's link.</summary>
    public string LinkUrl(string path) =>
        Url(path)
        + (path.Contains('?') ? "&token=" : "?token=")
        + Uri.EscapeDataString(link?.Token ?? throw Lacks(nameof(IssuedLink)));

    /// <summary>
    /// Names are other people's words. Mail programs make a link of anything that looks like one, so an address of a
    /// page gets blanks in it; an email address stays.
    /// </summary>
    private static string Unlinked(string words) =>
        string.Join(
            ' ',
            words
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Email().IsMatch(word) ? word : LinkLike().Replace(word, "$1 "))
        );

    /// <summary>One address and nothing else, perhaps in brackets.</summary>
    [GeneratedRegex(@"^\(?[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\)?$")]
    private static partial Regex Email();

    [GeneratedRegex(@"(\.(?=[^\s.]{2})|[:/](?=/))")]
    private static partial Regex LinkLike();

    private InvalidOperationException Lacks(string what) => new($"The email {email.Kind} needs {what}.");
}
