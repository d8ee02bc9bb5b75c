namespace Practice.Users.Passwords;

internal static class PasswordErrors
{
    public static Error ChangedMeanwhile { get; } =
        ApiError.Conflict(
            "users.password_changed_meanwhile",
            "Another request changed the password a moment ago. Sign in again."
        );

    public static Error WrongPassword { get; } =
        ApiError.Unprocessable("users.wrong_password", "The password is not right.");

    /// <summary>For a form that asks for a new password too.</summary>
    public static Error WrongCurrentPassword { get; } =
        ApiError.Unprocessable("users.wrong_password", "The current password is not right.");
}
