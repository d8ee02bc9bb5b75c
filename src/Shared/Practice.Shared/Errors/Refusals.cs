using ErrorOr;

namespace Practice.Shared.Errors;

/// <summary>
/// The refusals that every module has in common. A refusal is a value with a stable code, a sentence for a person
/// and, by its kind, an HTTP status; <see cref="Problems"/> is the one place that turns it into an answer.
/// </summary>
public static class Refusals
{
    private const string ChangedSentence =
        "Somebody else has changed this since you read it. Read it again and repeat the change.";

    public static Error NotSignedIn { get; } =
        Refuse(
            StatusCodes.Status401Unauthorized,
            "auth.not_signed_in",
            "Sign in first: the request carries no valid access token."
        );

    public static Error NotAllowed { get; } =
        Refuse(
            StatusCodes.Status403Forbidden,
            "auth.not_allowed",
            "Your access level in this practice group does not cover this."
        );

    public static Error PasswordChangeRequired { get; } =
        Refuse(
            StatusCodes.Status403Forbidden,
            "users.password_change_required",
            "Your password is a temporary one. Change it before doing anything else."
        );

    public static Error TwoFactorRequired { get; } =
        Refuse(
            StatusCodes.Status403Forbidden,
            "groups.two_factor_required",
            "This practice group asks for two factors. Turn them on, or sign in again with a code."
        );

    public static Error GrantNotCurrent { get; } =
        Refuse(
            StatusCodes.Status403Forbidden,
            "portal.grant_not_current",
            "You can't open this account any more: what you were granted has ended."
        );

    public static Error NotTheHolder { get; } =
        Refuse(
            StatusCodes.Status403Forbidden,
            "portal.not_the_holder",
            "Only the account's own person, or a dependant's guardian, may do this."
        );

    public static Error ClinicalNotGranted { get; } =
        Refuse(
            StatusCodes.Status403Forbidden,
            "portal.clinical_not_granted",
            "Your access to this account is administrative: it does not cover clinical records."
        );

    public static Error ViewOnly { get; } =
        Refuse(StatusCodes.Status403Forbidden, "portal.view_only", "Your access to this account is for looking only.");

    public static Error NotFound { get; } =
        Refuse(StatusCodes.Status404NotFound, "request.not_found", "There is nothing here, or it is not yours to see.");

    public static Error VersionRequired { get; } =
        Refuse(
            StatusCodes.Status428PreconditionRequired,
            "request.version_required",
            "Send the version you have read, as If-Match with the ETag of the last GET."
        );

    /// <summary>412 where the change was lost to another one at the last moment, so that the current version is not at hand.</summary>
    public static Error ChangedMeanwhile { get; } =
        Refuse(StatusCodes.Status412PreconditionFailed, "request.version_changed", ChangedSentence);

    public static Error Unavailable { get; } =
        Refuse(
            StatusCodes.Status503ServiceUnavailable,
            "request.unavailable",
            "The database can't be reached at the moment. Try again shortly."
        );

    /// <summary>A rule or the current state says no: the status tells which, the code is the contract's.</summary>
    public static Error Refuse(int status, string code, string sentence) => Error.Custom(status, code, sentence);

    /// <summary>409: at odds with the current state.</summary>
    public static Error Conflict(string code, string sentence) => Refuse(StatusCodes.Status409Conflict, code, sentence);

    /// <summary>422: well-formed, but against a rule that needs stored state to see.</summary>
    public static Error AgainstRule(string code, string sentence) =>
        Refuse(StatusCodes.Status422UnprocessableEntity, code, sentence);

    /// <summary>403: signed in, but not allowed.</summary>
    public static Error Forbidden(string code, string sentence) =>
        Refuse(StatusCodes.Status403Forbidden, code, sentence);

    /// <summary>400: one field of the input is wrong; all such errors of a request are answered together.</summary>
    /// <param name="code">The contract's own code for it, if it has one.</param>
    public static Error InvalidField(string field, string sentence, string? code = null) =>
        Error.Validation(field, sentence, code is null ? null : new() { [Problems.InputCode] = code });

    /// <summary>412: somebody else has changed the resource since the caller read it.</summary>
    public static Error VersionChanged(uint current) =>
        Error.Custom(
            StatusCodes.Status412PreconditionFailed,
            "request.version_changed",
            ChangedSentence,
            new() { [Problems.CurrentVersion] = ETags.Format(current) }
        );
}

/// <summary>Raised where a read can't go on because its caller was not let in; answered as the refusal it carries.</summary>
public sealed class RefusedException(Error refusal) : Exception(refusal.Code)
{
    public Error Refusal { get; } = refusal;
}
