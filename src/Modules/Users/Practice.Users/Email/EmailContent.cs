using Practice.Shared.Texts;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// What a template can write about. What it needs and the message lacks throws: no email goes out with a gap.
/// </summary>
internal sealed class EmailContent(DeliverEmail email, IssuedLink? link, PublicUrlOptions publicUrl)
{
    public string Practice => Names.Unlinked(email.Practice ?? throw Lacks(nameof(Practice)));

    public string From => Names.Unlinked(email.From ?? throw Lacks(nameof(From)));

    /// <summary>As <see cref="From"/>; null where an earlier version stored the email without.</summary>
    public string? FromOrNone => email.From is null ? null : From;

    public PortalEmailDetails Portal =>
        email.Portal is { } portal
            ? portal with
            {
                Account = Names.Unlinked(portal.Account),
            }
            : throw Lacks(nameof(Portal));

    /// <summary>The first name of a practice's patient.</summary>
    public string Patient => Names.Unlinked(email.Patient ?? throw Lacks(nameof(Patient)));

    /// <summary>As <see cref="Patient"/>; null in invitations that an earlier version stored.</summary>
    public string? InvitedPatient => email.Patient is null ? null : Patient;

    /// <summary>The practice that it comes from, where it does.</summary>
    public string? PracticeOrNone => email.Practice is null ? null : Practice;

    public AppointmentEmailDetails Appointment =>
        email.Appointment is { Facts: var facts } details
            ? details with
            {
                Facts = facts with
                {
                    Practitioner = facts.Practitioner is null ? null : Names.Unlinked(facts.Practitioner),
                    Location = facts.Location is null ? null : Names.Unlinked(facts.Location),
                },
            }
            : throw Lacks(nameof(Appointment));

    public Guid GroupId => email.GroupId ?? throw Lacks(nameof(GroupId));

    public int Balance => email.Balance ?? throw Lacks(nameof(Balance));

    /// <summary>The name of an identity provider, from the settings.</summary>
    public string Provider => email.Provider ?? throw Lacks(nameof(Provider));

    public SignInEmailDetails SignIn => email.SignIn ?? throw Lacks(nameof(SignIn));

    /// <summary>Describes the sign-up that the link confirms.</summary>
    public string SignUp => link?.SignUp ?? throw Lacks(nameof(SignUp));

    public string UnsubscribeUrl => LinkUrl("unsubscribe");

    /// <summary>
    /// What a mail program posts to at one click. A browser that opens it gets a page that asks first.
    /// </summary>
    /// <param name="all">Whether it stops all emails about appointments, and not only reminders.</param>
    public string OneClickUrl(EmailCategory category, IssuedLink unsubscribe, bool all = false) =>
        Url($"unsubscribe/one-click?category={category.ToCode()}")
        + (all ? "&all" : "")
        + $"&token={Uri.EscapeDataString(unsubscribe.Token)}";

    /// <summary>A page of the front end.</summary>
    public string Url(string path) => publicUrl.UrlOf($"/{path}");

    /// <summary>A page of the front end, with the token of this email's link.</summary>
    public string LinkUrl(string path) =>
        Url(path)
        + (path.Contains('?') ? "&token=" : "?token=")
        + Uri.EscapeDataString(link?.Token ?? throw Lacks(nameof(IssuedLink)));

    private InvalidOperationException Lacks(string what) => new($"The email {email.Kind} needs {what}.");
}
