using ErrorOr;
using Microsoft.AspNetCore.Http;

namespace Practice.Authorization;

/// <summary>Why a caller is not authorized. The codes are the contract's.</summary>
public static class AuthorizationErrors
{
    public static Error NotSignedIn { get; } =
        Error.Custom(
            StatusCodes.Status401Unauthorized,
            "auth.not_signed_in",
            "Sign in first: the request carries no valid access token."
        );

    public static Error NotAllowed { get; } =
        Forbidden("auth.not_allowed", "Your access in this practice does not allow this.");

    public static Error PasswordChangeRequired { get; } =
        Forbidden(
            "users.password_change_required",
            "Your password is a temporary one. Change it before doing anything else."
        );

    public static Error TwoFactorRequired { get; } =
        Forbidden(
            "groups.two_factor_required",
            "This practice requires two-factor authentication. Turn it on, or sign in again with a code."
        );

    public static Error ProviderRequired { get; } =
        Forbidden(
            "groups.provider_required",
            "This practice requires a sign-in with its identity provider. Sign out, and sign in again with that."
        );

    public static Error VerificationRequired { get; } =
        Forbidden(
            "auth.verification_required",
            "Confirm your password first: this needs a sign-in within the last 5 minutes."
        );

    public static Error NotForClients { get; } =
        Forbidden("auth.not_for_clients", "An API client cannot do this: it takes a person who is signed in.");

    public static Error SessionIdle { get; } =
        Error.Custom(
            StatusCodes.Status401Unauthorized,
            "groups.session_idle",
            "This practice signs people out after a time without use. Confirm your password, or sign in again."
        );

    public static Error CalendarFeedEnded { get; } =
        Error.Custom(
            StatusCodes.Status410Gone,
            "portal.calendar_feed_ended",
            "This calendar address no longer works. Get a new one from the calendar of the practice."
        );

    public static Error GrantNotCurrent { get; } =
        Forbidden("portal.grant_not_current", "Your access to this account has ended.");

    public static Error NotTheHolder { get; } =
        Forbidden("portal.not_the_holder", "Only the account holder, or a guardian of a dependant, can do this.");

    public static Error ClinicalNotGranted { get; } =
        Forbidden(
            "portal.clinical_not_granted",
            "Your access to this account is administrative: it does not cover clinical records."
        );

    public static Error ViewOnly { get; } = Forbidden("portal.view_only", "Your access to this account is view only.");

    /// <summary>Unknown, or of another tenant: nobody learns which.</summary>
    public static Error NotFound { get; } =
        Error.Custom(
            StatusCodes.Status404NotFound,
            "request.not_found",
            "There is nothing here, or it is not yours to see."
        );

    /// <summary>Why a caller may be denied what a route requires.</summary>
    public static IEnumerable<Error> Of(AccessRequirement? requirement)
    {
        if (requirement is null)
            yield break;
        if (requirement.CalendarFeed)
        {
            yield return NotFound;
            yield return CalendarFeedEnded;
            yield break;
        }

        yield return NotSignedIn;
        if (!requirement.TemporaryPassword)
            yield return PasswordChangeRequired;
        if (requirement.Verified)
            yield return VerificationRequired;
        if (requirement.TakesPerson)
            yield return NotForClients;
        if (requirement.InGroup)
        {
            yield return SessionIdle;
            yield return TwoFactorRequired;
            yield return ProviderRequired;
            yield return NotFound;
            if (requirement.Access != Access.None || requirement.Changes)
                yield return NotAllowed;
        }

        if (requirement.Portal is not { InAccount: true } portal)
            yield break;
        yield return NotFound;
        yield return GrantNotCurrent;
        if (portal.Holder)
            yield return NotTheHolder;
        if (portal.Clinical)
            yield return ClinicalNotGranted;
        if (portal.Edit)
            yield return ViewOnly;
    }

    private static Error Forbidden(string code, string sentence) =>
        Error.Custom(StatusCodes.Status403Forbidden, code, sentence);
}

/// <summary>The caller is not authorized. The host answers with the error it carries.</summary>
public sealed class AccessDeniedException(Error error) : Exception(error.Code)
{
    public Error Error { get; } = error;
}
