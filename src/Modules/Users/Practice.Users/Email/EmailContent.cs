namespace Practice.Users.Email;

/// <summary>
/// What a template can write about. What it needs and the message lacks throws: no email goes out with a gap.
/// </summary>
internal sealed class EmailContent(DeliverEmail email, IssuedLink? link, string publicUrl)
{
    public string Practice => email.Practice ?? throw Lacks(nameof(Practice));

    public string From => email.From ?? throw Lacks(nameof(From));

    public PortalEmailDetails Portal => email.Portal ?? throw Lacks(nameof(Portal));

    public SignInEmailDetails SignIn => email.SignIn ?? throw Lacks(nameof(SignIn));

    /// <summary>Describes the sign-up that the link confirms.</summary>
    public string SignUp => link?.SignUp ?? throw Lacks(nameof(SignUp));

    public string UnsubscribeUrl => LinkUrl("unsubscribe");

    /// <summary>A page of the front end.</summary>
    public string Url(string path) => $"{publicUrl.TrimEnd('/')}/{path}";

    /// <summary>A page of the front end, with the token of this email's link.</summary>
    public string LinkUrl(string path) =>
        $"{Url(path)}?token={Uri.EscapeDataString(link?.Token ?? throw Lacks(nameof(IssuedLink)))}";

    private InvalidOperationException Lacks(string what) => new($"The email {email.Kind} needs {what}.");
}
