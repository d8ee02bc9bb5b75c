namespace Practice.Users.Email.Templates;

internal sealed class CalendarFeedOpenedEmail()
    : EmailTemplate(EmailKind.CalendarFeedOpened, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "A calendar feed was created";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            An address was created in your name, with which a calendar program reads your calendar of
            {content.Practice}. An earlier address stopped working.

            If it was not you, set a new password now. That ends the address: {forgotPassword}
            """;
    }
}
