using ErrorOr;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Practice.Shared.Errors;

/// <summary>The one place where errors become RFC 9457 problem details.</summary>
public static class Problems
{
    internal const string CurrentVersion = "currentVersion";
    internal const string InputCode = "code";
    private const string InvalidCode = "request.invalid";

    /// <summary>
    /// The answer of a slice: <paramref name="success"/> with the value, or the error as problem details.
    /// </summary>
    public static IResult ToHttp<T>(this ErrorOr<T> answer, Func<T, IResult> success) =>
        answer.IsError ? ToProblem(answer.Errors) : success(answer.Value);

    /// <inheritdoc cref="ToHttp{T}(ErrorOr{T}, Func{T, IResult})"/>
    public static IResult ToHttp<T>(this ErrorOr<T> answer, Func<IResult> success) => answer.ToHttp(_ => success());

    public static IResult ToProblem(this Error error) => ToProblem([error]);

    public static ProblemHttpResult ToProblem(IReadOnlyList<Error> errors)
    {
        ArgumentOutOfRangeException.ThrowIfZero(errors.Count, nameof(errors));
        if (errors[0].Type == ErrorType.Validation)
            return Invalid(errors);

        var error = errors[0];
        if (error.NumericType < StatusCodes.Status400BadRequest)
            throw new InvalidOperationException($"{error.Code} is no error: its status would be {error.NumericType}.");
        var extensions = new Dictionary<string, object?> { ["code"] = error.Code };
        foreach (var (name, value) in error.Metadata ?? [])
            extensions[name] = value;
        return TypedResults.Problem(
            detail: error.Description,
            statusCode: error.NumericType,
            title: ReasonPhrases.GetReasonPhrase(error.NumericType),
            extensions: extensions
        );
    }

    private static ProblemHttpResult Invalid(IReadOnlyList<Error> errors) =>
        TypedResults.Problem(
            detail: "Some of the input can't be accepted; each field says why.",
            statusCode: StatusCodes.Status400BadRequest,
            title: "The input is not valid",
            extensions: new Dictionary<string, object?>
            {
                ["code"] = CodeOf(errors),
                ["errors"] = errors
                    .GroupBy(error => error.Code)
                    .ToDictionary(
                        field => field.Key,
                        field => field.Select(error => error.Description).Distinct().ToArray()
                    ),
            }
        );

    /// <summary>The contract's own code for this input, where all that is wrong has the same one.</summary>
    private static string CodeOf(IReadOnlyList<Error> errors) =>
        errors.Select(error => error.Metadata?.GetValueOrDefault(InputCode) as string).Distinct().ToArray()
            is [{ } code]
            ? code
            : InvalidCode;
}
