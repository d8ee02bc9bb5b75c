using System.Reflection;
using System.Text.Json;
using ErrorOr;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Practice.Shared.Http;

/// <summary>
/// A request body, read and validated, whose errors wait until the caller is known: 401, 403 and 404 come before 400.
/// A slice can't reach the value without asking for the errors first.
/// </summary>
/// <typeparam name="T">The input; it must have a validator, which an architecture test demands.</typeparam>
public sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;
    private readonly List<Error> _errors;

    private readonly bool _absent;

    private Body(T? value, List<Error> errors, bool absent = false) =>
        (_value, _errors, _absent) = (value, errors, absent);

    /// <summary>The input, or every error in it.</summary>
    public ErrorOr<T> Read() => _errors.Count > 0 ? _errors : _value!;

    /// <summary>As <see cref="Read"/>, if there is a body.</summary>
    internal ErrorOr<T> ReadOr(T whenAbsent) => _absent ? whenAbsent : Read();

    public static async ValueTask<Body<T>> BindAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return new(null, [ApiError.InvalidField("body", "A JSON object is required.")], absent: true);
        if (!http.Request.HasJsonContentType())
            throw new BadHttpRequestException("The body must be JSON.", StatusCodes.Status415UnsupportedMediaType);

        T? value;
        try
        {
            var json = http.RequestServices.GetRequiredService<InputJson>().Options;
            value = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, json, http.RequestAborted);
        }
        catch (JsonException wrong)
        {
            return new(null, [ApiError.InvalidField(FieldOf(wrong), SentenceFor(wrong))]);
        }
        catch (InvalidOperationException) // half of a surrogate pair: text that is no text
        {
            return new(null, [ApiError.InvalidField("body", "The body holds text that is not valid Unicode.")]);
        }

        if (value is null)
            return new(null, [ApiError.InvalidField("body", "A JSON object is required.")]);

        var validated = await http
            .RequestServices.GetRequiredService<IValidator<T>>()
            .ValidateAsync(value, http.RequestAborted);
        return new(
            value,
            [
                .. validated.Errors.Select(error =>
                    ApiError.InvalidField(
                        error.PropertyName,
                        error.ErrorMessage,
                        error.ErrorCode is { } code && code.Contains('.', StringComparison.Ordinal) ? code : null
                    )
                ),
            ]
        );
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static string FieldOf(JsonException wrong) =>
        wrong.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";

    private static string SentenceFor(JsonException wrong) =>
        wrong is InputJson.WrongForm ? wrong.Message
        : wrong.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "This field is not known here."
        : wrong.Message.Contains("Duplicate", StringComparison.Ordinal) ? "This field is given twice."
        : FieldOf(wrong) == "body" ? "The body is not a JSON object of the expected form."
        : "This value is of the wrong type or not one of the allowed ones.";
}

/// <summary>As <see cref="Body{T}"/>, of a call whose body may be left out altogether.</summary>
/// <typeparam name="T">The input; it must have a validator.</typeparam>
public sealed class OptionalBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private readonly Body<T> _body;

    private OptionalBody(Body<T> body) => _body = body;

    /// <summary>The input, or every error in it.</summary>
    /// <param name="whenAbsent">The input where there is no body.</param>
    public ErrorOr<T> ReadOr(T whenAbsent) => _body.ReadOr(whenAbsent);

    public static async ValueTask<OptionalBody<T>> BindAsync(HttpContext http) => new(await Body<T>.BindAsync(http));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));
}
