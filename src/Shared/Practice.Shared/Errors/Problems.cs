using ErrorOr;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Practice.Shared.Errors;

/// <summary>The one place where refusals become RFC 9457 problem details.</summary>
public static class Problems
{
    internal const string CurrentVersion = "currentVersion";
    internal const string InputCode = "code";
    private const string InvalidCode = "request.invalid";

    /// <summary>The answer of a slice: <paramref name="success"/> with the value, or the refusal as problem details.</summary>
    public static IResult ToHttp<T>(this ErrorOr<T> answer, Func<T, IResult> success) =>
        answer.IsError ? ToProblem(answer.Errors) : success(answer.Value);

    /// <inheritdoc cref="ToHttp{T}(ErrorOr{T}, Func{T, IResult})"/>
    public static IResult ToHttp<T>(this ErrorOr<T> answer, Func<IResult> success) => answer.ToHttp(_ => success());

    public static IResult ToProblem(this Error refusal) => ToProblem([refusal]);

    public static ProblemHttpResult ToProblem(IReadOnlyList<Error> refusals)
    {
        if (refusals[0].Type == ErrorType.Validation)
            return Invalid(refusals);

        var refusal = refusals[0];
        var extensions = new Dictionary<string, object?> { ["code"] = refusal.Code };
        foreach (var (name, value) in refusal.Metadata ?? [])
            extensions[name] = value;
        return TypedResults.Problem(
            detail: refusal.Description,
            statusCode: refusal.NumericType,
            title: ReasonPhrases.GetReasonPhrase(refusal.NumericType),
            extensions: extensions
        );
    }

    private static ProblemHttpResult Invalid(IReadOnlyList<Error> refusals) =>
        TypedResults.Problem(
            detail: "Some of the input can't be accepted; each field says why.",
            statusCode: StatusCodes.Status400BadRequest,
            title: "The input is not valid",
            extensions: new Dictionary<string, object?>
            {
                ["code"] = CodeOf(refusals),
                ["errors"] = refusals
                    .GroupBy(refusal => refusal.Code)
                    .ToDictionary(
                        field => field.Key,
                        field => field.Select(refusal => refusal.Description).Distinct().ToArray()
                    ),
            }
        );

    /// <summary>The contract's own code for this input, where all that is wrong has the same one.</summary>
    private static string CodeOf(IReadOnlyList<Error> refusals) =>
        refusals.Select(refusal => refusal.Metadata?.GetValueOrDefault(InputCode) as string).Distinct().ToArray()
            is [{ } code]
            ? code
            : InvalidCode;
}
