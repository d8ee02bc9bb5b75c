using ErrorOr;
using Practice.Authorization;
using Practice.Shared.Errors;
using Practice.Shared.Idempotency;

namespace Practice.Host.OpenApi;

/// <summary>The errors that calls of a kind have in common, whatever their own code says.</summary>
internal static class CallErrors
{
    public static IEnumerable<ApiErrorCode> OfVersions { get; } =
    [Of(CommonErrors.VersionChanged), Of(CommonErrors.VersionRequired)];

    public static IEnumerable<ApiErrorCode> OfKeys { get; } =
    [.. IdempotentRoutes.Errors.Select(Of), new(400, "request.invalid", "The request is not valid.")];

    public static IEnumerable<ApiErrorCode> Of(AccessRequirement? requirement) =>
        AuthorizationErrors.Of(requirement).Select(Of);

    private static ApiErrorCode Of(Error error) => new(error.NumericType, error.Code, error.Description);
}
