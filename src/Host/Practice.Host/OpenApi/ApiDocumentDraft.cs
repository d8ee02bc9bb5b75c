using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Practice.Authorization;
using Practice.Shared.Http;
using Practice.Shared.Idempotency;

namespace Practice.Host.OpenApi;

/// <summary>The document while it is completed.</summary>
internal sealed partial class ApiDocumentDraft(
    JsonObject document,
    Dictionary<string, ApiCall> calls,
    SchemaTypes types,
    IServiceProvider services
)
{
    private const string SchemaPrefix = "#/components/schemas/";
    private readonly DocComments _comments = new();

    /// <summary>The schemas in the bodies of calls that replace what was read.</summary>
    private readonly HashSet<string> _replacements = [];

    private readonly SortedDictionary<string, ApiErrorCode> _codes = new(StringComparer.Ordinal);

    private JsonObject Components => document["components"]!.AsObject();

    private JsonObject Schemas => Components["schemas"]!.AsObject();

    private IEnumerable<(string Path, string Method, JsonObject Operation)> Operations =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Value is JsonObject operation && operation.ContainsKey("responses")
        select (path.Key, method.Key, (JsonObject)method.Value);

    public void Complete()
    {
        DescribeDocument();
        foreach (var (_, _, operation) in Operations)
            if (calls[NameOf(operation)].Takes(typeof(IfMatch)))
                Reach(operation["requestBody"], _replacements);
        var requests = SplitSchemas();
        foreach (var name in Schemas.Select(schema => schema.Key).Except(requests))
            DescribeAnswer(name);
        foreach (var name in requests)
            DescribeInput(name);
        ApplyValidators(requests);
        PutNullLast(document);
        var examples = LearnExamples();
        foreach (var (path, method, operation) in Operations)
            Describe(path, method, operation, examples);
        ListCodes();
        ListTags();
    }

    private void DescribeDocument()
    {
        document["info"] = new JsonObject
        {
            ["title"] = "Practice API",
            ["version"] = ApiDocument.Name,
            ["summary"] = "Who may see and do what in a health-care practice.",
            ["description"] =
                "People, practice groups, locations and the patient portal. Errors are problem details (RFC 9457) "
                + "with a stable `code`. Answers may get new fields: ignore those that you do not know.",
            ["contact"] = new JsonObject { ["name"] = "Practice.Modular" },
            ["license"] = new JsonObject
            {
                ["name"] = "Apache-2.0",
                ["url"] = "https://www.apache.org/licenses/LICENSE-2.0",
            },
        };
        // Clients use the address that they loaded the document from.
        document["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "This host." });
        Components["securitySchemes"] = new JsonObject
        {
            [ApiDocument.Bearer] = new JsonObject
            {
                ["type"] = "http",
                ["scheme"] = "bearer",
                ["description"] = "The `accessToken` of `POST /api/users/sign-in`.",
            },
        };

        // Sorted, so that the document does not depend on the order in which slices are found.
        var paths = document["paths"]!.AsObject().OrderBy(path => path.Key, StringComparer.Ordinal).ToList();
        document["paths"]!.AsObject().Clear();
        foreach (var (path, item) in paths)
            document["paths"]![path] = item;
    }

    private ExampleValues LearnExamples()
    {
        var examples = new ExampleValues(Resolve);
        foreach (var call in HttpCalls.All.Where(call => call.MediaType == HttpCalls.Json))
            examples.Learn(call.Body);
        return examples;
    }

    private void Describe(string path, string method, JsonObject operation, ExampleValues examples)
    {
        var call = calls[NameOf(operation)];
        var comment = call.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? _comments.OfCall(call) ?? "";
        var summary = FirstSentence(comment);
        var (tags, parameters, body, responses) = (
            operation["tags"],
            operation["parameters"],
            operation["requestBody"],
            operation["responses"]!.AsObject()
        );
        operation.Clear();
        operation["tags"] = tags;
        operation["summary"] = summary;
        operation["description"] = string.Join("\n\n", new[] { comment, Callers(call) }.Where(part => part.Length > 0));
        operation["operationId"] = call.Name;
        if (parameters is JsonArray { Count: > 0 })
            operation["parameters"] = DescribeParameters(parameters.AsArray());
        if (body is not null)
            operation["requestBody"] = DescribeBody(body.AsObject(), path, method, examples);
        operation["responses"] = DescribeResponses(responses, call, examples);
        operation["security"] = call.Requirement is null or { CalendarFeed: true }
            ? new JsonArray()
            : new JsonArray(new JsonObject { [ApiDocument.Bearer] = new JsonArray() });
    }

    private static string NameOf(JsonObject operation) => operation["operationId"]!.ToString();

    private static JsonArray DescribeParameters(JsonArray parameters)
    {
        foreach (var parameter in parameters)
            parameter!["description"] ??= WordsOf(parameter["name"]!.ToString());
        return parameters;
    }

    /// <summary><c>groupId</c> is the group's id.</summary>
    private static string WordsOf(string name)
    {
        var words = Capital().Replace(name, match => $" {match.Value.ToLowerInvariant()}");
        return words.EndsWith(" id", StringComparison.Ordinal)
            ? $"The id of the {words[..^3]}."
            : $"{char.ToUpperInvariant(words[0])}{words[1..]}.";
    }

    private JsonObject DescribeBody(JsonObject body, string path, string method, ExampleValues examples)
    {
        foreach (var (type, media) in body["content"]!.AsObject())
        {
            var example = HttpCalls
                .All.FirstOrDefault(call =>
                    call.Body is not null
                    && call.MediaType == type
                    && call.Method.Equals(method, StringComparison.OrdinalIgnoreCase)
                    && TemplateOf(call.Path) == path
                )
                ?.Body?.DeepClone();
            if (type == HttpCalls.Json)
                example ??= examples.Make(media!["schema"]!.AsObject());
            if (example is not null)
                media!["example"] = example;
        }

        // A call that takes any type of file.
        if (body["content"] is JsonObject content && content["*/*"] is { } any)
        {
            content.Remove("*/*");
            content["application/octet-stream"] = any.DeepClone();
        }

        return body;
    }

    /// <summary>The path of the document that a path belongs to: the one with the fewest parameters.</summary>
    private string? TemplateOf(string path) =>
        document["paths"]!
            .AsObject()
            .Select(item => item.Key)
            .Where(template => Matches(template.Split('/'), path.Split('/')))
            .MinBy(template => template.Count(letter => letter == '{'));

    private static bool Matches(string[] template, string[] path) =>
        template.Length == path.Length
        && template.Zip(path).All(part => part.First.StartsWith('{') || part.First == part.Second);

    private JsonObject DescribeResponses(JsonObject declared, ApiCall call, ExampleValues examples)
    {
        var errors = ErrorsOf(call).ToLookup(error => error.Status);
        var statuses = declared
            .Select(one => int.Parse(one.Key, System.Globalization.CultureInfo.InvariantCulture))
            .Concat(errors.Select(group => group.Key))
            .Distinct()
            .Order();
        var responses = new JsonObject();
        foreach (var status in statuses)
        {
            var key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            // An error that is no problem of ours, as OAuth's.
            var ownBody = status < 400 ? null : declared[key]?["content"]?["application/json"] as JsonObject;
            IReadOnlyList<ApiErrorCode> codes =
            [
                .. errors[status].DistinctBy(error => error.Code).OrderBy(error => error.Code, StringComparer.Ordinal),
            ];
            // Every requirement declares these; a session with a temporary password cannot be forbidden anything.
            if (
                status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
                && codes.Count == 0
                && ownBody is null
            )
                continue;
            responses[key] =
                status < 400
                    ? DescribeSuccess(declared[key]!.DeepClone().AsObject(), status, call, examples)
                    : DescribeErrors(
                        status,
                        codes.Count > 0 || ownBody is not null ? codes : [Usual(status)],
                        ownBody,
                        call,
                        examples
                    );
        }

        return responses;
    }

    private static ApiErrorCode Usual(int status) =>
        new(status, ProblemResponses.CodeOf(status), ProblemResponses.DetailOf(status));

    private static JsonObject DescribeSuccess(JsonObject response, int status, ApiCall call, ExampleValues examples)
    {
        var headers = new JsonObject();
        if (status == StatusCodes.Status200OK && call.Code.Calls.Contains("ETags.Ok"))
            headers["ETag"] = Header("The version of what was read, for `If-Match`.");
        if (
            (status == StatusCodes.Status201Created && call.Code.Calls.Contains("Results.Created"))
            || (status == StatusCodes.Status202Accepted && call.Code.Calls.Contains("Results.Accepted"))
        )
            headers["Location"] = Header("Where it can be read.", "uri-reference");
        AddOwnHeaders(headers, call);
        foreach (var (type, content) in response["content"] as JsonObject ?? [])
        {
            if (type == "application/json")
                content!["example"] = examples.Make(content["schema"]!.AsObject());
            else if (status == StatusCodes.Status200OK)
                headers["Content-Disposition"] = Header("The name of the file.");
        }

        if (headers.Count > 0)
            response["headers"] = headers;
        return response;
    }

    private JsonObject DescribeErrors(
        int status,
        IReadOnlyList<ApiErrorCode> errors,
        JsonObject? ownBody,
        ApiCall call,
        ExampleValues examples
    )
    {
        var list = new JsonObject();
        foreach (var error in errors)
        {
            var key = $"{error.Code}-{error.Status}";
            if (!_codes.TryGetValue(key, out var known) || known.Sentence.Length == 0)
                _codes[key] = error;
            list[error.Code] = new JsonObject { ["$ref"] = $"#/components/examples/{key}" };
        }

        var response = new JsonObject
        {
            ["description"] =
                errors.Count == 0
                    ? $"{ReasonPhrases.GetReasonPhrase(status)}."
                    : $"{ReasonPhrases.GetReasonPhrase(status)}: "
                        + $"{string.Join(", ", errors.Select(error => $"`{error.Code}`"))}.",
        };
        var headers = new JsonObject();
        if (
            status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            || (status == StatusCodes.Status409Conflict && IdempotentRoutes.TakesKey(call.Metadata))
        )
            headers["Retry-After"] = new JsonObject
            {
                ["description"] = "After how many seconds to try again.",
                ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            };
        if (status == StatusCodes.Status409Conflict)
            AddOwnHeaders(headers, call);
        if (headers.Count > 0)
            response["headers"] = headers;
        var content = new JsonObject();
        response["content"] = content;
        if (errors.Count > 0)
            content["application/problem+json"] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = $"{SchemaPrefix}ProblemDetails" },
                ["examples"] = list,
            };
        if (ownBody is not null)
        {
            content["application/json"] = ownBody.DeepClone();
            content["application/json"]!["example"] = examples.Make(ownBody["schema"]!.AsObject());
        }

        return response;
    }

    private static void AddOwnHeaders(JsonObject headers, ApiCall call)
    {
        foreach (var (header, description) in ResponseHeaders.Descriptions)
            if (call.Code.Texts.Contains(header))
                headers[header] = Header(description);
    }

    private static JsonObject Header(string description, string? format = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (format is not null)
            schema["format"] = format;
        return new JsonObject { ["description"] = description, ["schema"] = schema };
    }

    /// <summary>Those of the call's own code, and those of what every call of its kind goes through.</summary>
    private List<ApiErrorCode> ErrorsOf(ApiCall call)
    {
        var errors = call
            .Code.Errors.Where(error =>
                error.Status != StatusCodes.Status400BadRequest || error.Code.Contains('.', StringComparison.Ordinal)
            )
            .ToList();
        errors.AddRange(CallErrors.Of(call.Requirement));
        errors.Add(Usual(StatusCodes.Status429TooManyRequests));
        errors.Add(Usual(StatusCodes.Status503ServiceUnavailable));
        if (call.Body is not null)
        {
            errors.Add(Usual(StatusCodes.Status400BadRequest));
            errors.Add(Usual(StatusCodes.Status413PayloadTooLarge));
            errors.Add(Usual(StatusCodes.Status415UnsupportedMediaType));
            if (ValidatorOf(call.Body) is { } validator)
                errors.AddRange(
                    ValidatorRules.CodesOf(validator).Select(own => new ApiErrorCode(400, own.Code, own.Sentence))
                );
        }

        if (call.Code.Errors.Any(error => error.Status == StatusCodes.Status400BadRequest))
            errors.Add(Usual(StatusCodes.Status400BadRequest));
        if (call.Takes(typeof(IfMatch)))
            errors.AddRange(CallErrors.OfVersions);
        if (IdempotentRoutes.TakesKey(call.Metadata))
            errors.AddRange(CallErrors.OfKeys);
        return errors;
    }

    private void ListCodes()
    {
        var examples = new JsonObject();
        foreach (var (key, error) in _codes)
            examples[key] = new JsonObject
            {
                ["summary"] = error.Code,
                ["value"] = new JsonObject
                {
                    ["title"] = ReasonPhrases.GetReasonPhrase(error.Status),
                    ["status"] = error.Status,
                    ["detail"] = error.Sentence.Length > 0 ? error.Sentence : ProblemResponses.DetailOf(error.Status),
                    ["code"] = error.Code,
                    ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
                },
            };
        Components["examples"] = examples;
    }

    private void ListTags()
    {
        var used = Operations
            .SelectMany(one => one.Operation["tags"]!.AsArray())
            .Select(tag => tag!.ToString())
            .Distinct()
            .Order(StringComparer.Ordinal);
        document["tags"] = new JsonArray([
            .. used.Select(tag => new JsonObject
            {
                ["name"] = tag,
                ["description"] = ApiTags.Descriptions.GetValueOrDefault(tag, ""),
            }),
        ]);
    }

    /// <summary>Who may make a call, in a sentence.</summary>
    private static string Callers(ApiCall call)
    {
        if (call.Requirement is not { } requirement)
            return "No sign-in is needed.";
        var who = requirement switch
        {
            { CalendarFeed: true } => "No sign-in is needed: the address holds a secret.",
            { Portal: { InAccount: true } portal } => "For who may open the account"
                + (
                    portal.Holder ? ", as its holder or guardian"
                    : portal is { Edit: true, Clinical: true } ? ", with `edit` and `clinical`"
                    : portal.Edit ? ", with `edit`"
                    : portal.Clinical ? ", with `clinical`"
                    : ""
                )
                + ".",
            { InGroup: true, Access: Access.Owner } => "For owners of the practice.",
            { InGroup: true, Access: Access.None, Changes: false } => "For active members of the practice.",
            { InGroup: true, Access: Access.None } => "For active members of the practice who may change things.",
            { InGroup: true } => $"For active members of the practice with {SettingsOf(requirement.Access)}.",
            { TemporaryPassword: true } => "For anyone who is signed in, with a temporary password too.",
            _ => "For anyone who is signed in.",
        };
        return requirement.Verified ? $"{who} It needs a sign-in, or a verification, within the last 5 minutes." : who;
    }

    private static string SettingsOf(Access access) =>
        string.Join(
            " and ",
            Enum.GetValues<Access>()
                .Where(one => one != Access.None && access.HasFlag(one))
                .Select(one => $"`{one.ToCode()}`")
        );

    private static string FirstSentence(string text) =>
        SentenceEnd().Match(text) is { Success: true } end ? text[..end.Index] : text.TrimEnd('.');

    [GeneratedRegex(@"[.;:] ")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
