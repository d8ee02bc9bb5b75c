using ErrorOr;

namespace Practice.Shared.Errors;

/// <summary>
/// The errors that every module has in common. An error is a value with a stable code, a sentence for a person and, as
/// its numeric type, an HTTP status. A wrong field of the input (<see cref="ApiError.InvalidField"/>) has the field's
/// name as its code, and is always answered with 400. <see cref="Problems"/> is the one place that turns errors into an
/// answer. Each module's own codes live in the module.
/// </summary>
public static class CommonErrors
{
    internal const string ChangedSentence =
        "Someone else has changed this in the meantime. Check the current values, then save again.";

    public static Error NotFound => AuthorizationErrors.NotFound;

    public static Error VersionRequired { get; } =
        ApiError.Create(
            StatusCodes.Status428PreconditionRequired,
            "request.version_required",
            "Send the version you have read, as If-Match with the ETag of the last GET."
        );

    /// <summary>412 where another change won at the last moment: the current version is not known.</summary>
    public static Error VersionChanged { get; } =
        ApiError.Create(StatusCodes.Status412PreconditionFailed, "request.version_changed", ChangedSentence);

    public static Error Unavailable { get; } =
        ApiError.Create(
            StatusCodes.Status503ServiceUnavailable,
            "request.unavailable",
            "The service is not available at the moment. Try again shortly."
        );
}

/// <summary>Makes errors with the HTTP status that they are answered with.</summary>
public static class ApiError
{
    /// <summary>A rule or the current state says no: the status tells which, the code is the contract's.</summary>
    public static Error Create(int status, string code, string sentence) => Error.Custom(status, code, sentence);

    /// <summary>409: in conflict with the current state.</summary>
    public static Error Conflict(string code, string sentence) => Create(StatusCodes.Status409Conflict, code, sentence);

    /// <summary>422: well-formed, but against a rule that needs stored state to see.</summary>
    public static Error Unprocessable(string code, string sentence) =>
        Create(StatusCodes.Status422UnprocessableEntity, code, sentence);

    /// <summary>403: signed in, but not allowed.</summary>
    public static Error Forbidden(string code, string sentence) =>
        Create(StatusCodes.Status403Forbidden, code, sentence);

    /// <summary>400: one field of the input is wrong; all such errors of a request are answered together.</summary>
    /// <param name="code">The contract's own code for it, if it has one.</param>
    public static Error InvalidField(string field, string sentence, string? code = null) =>
        Error.Validation(field, sentence, code is null ? null : new() { [Problems.InputCode] = code });

    /// <summary>412: someone else has changed the resource since the caller read it.</summary>
    /// <param name="current">The entity tag of what is stored now.</param>
    public static Error VersionChanged(string current) =>
        Error.Custom(
            StatusCodes.Status412PreconditionFailed,
            "request.version_changed",
            CommonErrors.ChangedSentence,
            new() { [Problems.CurrentVersion] = current }
        );
}
