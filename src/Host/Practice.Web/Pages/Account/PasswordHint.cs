namespace Practice.Web.Pages.Account;

/// <summary>What a new password must be, as people are told before they choose one.</summary>
internal static class PasswordHint
{
    public const string Text = "12 characters or more. A few words that don’t belong together are good.";
}
