namespace Practice.Users.TwoFactor;

internal static class TwoFactorErrors
{
    public static Error Enabled { get; } =
        ApiError.Conflict(
            "users.two_factor_enabled",
            "Two factors are on already. Turn them off first to use another app."
        );

    public static Error NotEnabled { get; } =
        ApiError.Conflict("users.two_factor_not_enabled", "Two factors are not on.");

    public static Error NotSetUp { get; } =
        ApiError.Conflict("users.two_factor_not_set_up", "Get a key for the authenticator app first.");

    public static Error WrongCode { get; } =
        ApiError.Unprocessable("users.wrong_code", "The code is not right, or was used before.");
}

/// <summary>A code as it is typed from an authenticator app, or a recovery code.</summary>
public sealed record TwoFactorInput(string? Code);
