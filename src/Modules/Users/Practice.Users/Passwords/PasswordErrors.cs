namespace Practice.Users.Passwords;

internal static class PasswordErrors
{
    public static Error ChangedMeanwhile { get; } =
        ApiError.Conflict(
            "users.password_changed_meanwhile",
            "Another request changed the password a moment ago. Sign in again."
        );

    /// <param name="sentence">Names the field that the person typed it into.</param>
    public static Error WrongPassword(string sentence) => ApiError.Unprocessable("users.wrong_password", sentence);
}
