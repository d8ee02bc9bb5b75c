namespace Practice.Users.Passkeys;

internal static class PasskeyErrors
{
    /// <summary>The one answer to a sign-in that fails, whatever the reason.</summary>
    public static Error Invalid { get; } =
        ApiError.Create(
            StatusCodes.Status401Unauthorized,
            "users.passkey_invalid",
            "This passkey did not work. Try again, or sign in with your password."
        );

    public static Error NotAccepted { get; } =
        ApiError.Unprocessable("users.passkey_not_accepted", "The passkey was not accepted. Please try again.");

    public static Error None { get; } =
        ApiError.Conflict("users.no_passkey", "You have no passkey. Confirm your password instead.");

    public static Error TooMany { get; } =
        ApiError.Conflict(
            "users.too_many_passkeys",
            $"You have {Domain.Passkey.MaxPerPerson} passkeys. Remove one before you add another."
        );
}
