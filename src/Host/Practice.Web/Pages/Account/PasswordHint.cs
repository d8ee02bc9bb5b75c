namespace Practice.Web.Pages.Account;

/// <summary>The rules of a new password, shown before the person chooses one.</summary>
internal static class PasswordHint
{
    public const string Text = "At least 12 characters. A few unrelated words work well.";
}
