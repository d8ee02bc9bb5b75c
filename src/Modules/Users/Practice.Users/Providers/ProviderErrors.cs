namespace Practice.Users.Providers;

internal static class ProviderErrors
{
    public static Error Unknown { get; } =
        ApiError.Unprocessable("users.provider_unknown", "There is no identity provider of this name here.");

    /// <summary>The one answer to what does not fit together: attempt, state, code and token of the provider.</summary>
    public static Error Invalid { get; } =
        ApiError.Create(
            StatusCodes.Status401Unauthorized,
            "users.provider_sign_in_invalid",
            "This sign-in did not work, or took too long. Please start again."
        );

    public static Error Refused { get; } =
        ApiError.Create(
            StatusCodes.Status401Unauthorized,
            "users.provider_refused",
            "The identity provider did not sign you in. Try again, or sign in with your password."
        );

    public static Error NotAllowed { get; } =
        ApiError.Forbidden(
            "users.provider_account_not_allowed",
            "This account of the identity provider cannot sign in here. Use the account of your organization there."
        );

    public static Error EmailUnverified { get; } =
        ApiError.Unprocessable(
            "users.provider_email_unverified",
            "The identity provider did not confirm your email. Confirm it there, or sign in with your password."
        );

    /// <summary>Also for an account whose email nobody has confirmed.</summary>
    public static Error NoAccount { get; } =
        ApiError.Conflict(
            "users.provider_no_account",
            "No confirmed account has the email that you use at the identity provider. Create an account first."
        );

    public static Error LinkedMeanwhile { get; } =
        ApiError.Conflict(
            "users.provider_already_linked",
            "This sign-in was connected with another account a moment ago. Please start again."
        );

    public static Error Unconfirmed { get; } =
        ApiError.Conflict(
            "users.provider_account_unconfirmed",
            "Confirm your email here first: follow the link that we sent you."
        );

    public static Error OtherEmail { get; } =
        ApiError.Conflict(
            "users.provider_other_email",
            "At the identity provider you have another email than here. Change one of them first."
        );

    public static Error OfAnotherAccount { get; } =
        ApiError.Conflict(
            "users.provider_of_another_account",
            "This sign-in is connected with another account here. Disconnect it there first."
        );

    public static Error TooMany { get; } =
        ApiError.Conflict(
            "users.too_many_providers",
            $"Your account has {Domain.ProviderLink.MaxPerPerson} sign-ins with identity providers. "
                + "Disconnect one first."
        );

    /// <summary>The step of a sign-in, by its token.</summary>
    public static Error StepOver { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "users.provider_step_over",
            "This sign-in is over, or took too long. Please start again."
        );

    public static Error Unavailable { get; } =
        ApiError.Create(
            StatusCodes.Status503ServiceUnavailable,
            "users.provider_unavailable",
            "The identity provider does not answer at the moment. Try again shortly, or sign in with your password."
        );

    public static Error AnswerInvalid { get; } =
        ApiError.Create(
            StatusCodes.Status502BadGateway,
            "users.provider_answer_invalid",
            "The identity provider gave an answer that cannot be used. Sign in with your password."
        );
}
