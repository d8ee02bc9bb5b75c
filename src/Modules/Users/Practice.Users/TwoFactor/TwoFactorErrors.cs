namespace Practice.Users.TwoFactor;

internal static class TwoFactorErrors
{
    public static Error Enabled { get; } =
        ApiError.Conflict(
            "users.two_factor_enabled",
            "Two-factor authentication is already on. Turn it off first to use another app."
        );

    public static Error NotEnabled { get; } =
        ApiError.Conflict("users.two_factor_not_enabled", "Two-factor authentication is not on.");

    public static Error NotSetUp { get; } =
        ApiError.Conflict("users.two_factor_not_set_up", "Get a key for the authenticator app first.");

    public static Error CodeRequired { get; } =
        ApiError.Unprocessable(
            "users.code_required",
            "This account uses two-factor authentication. Send a code of the authenticator app or a recovery code too."
        );

    public static Error WrongCode { get; } =
        ApiError.Unprocessable("users.wrong_code", "The code is not right, or was used before.");
}
