using System.Text.Json.Nodes;
using Practice.Host.OpenApi;

namespace Practice.Host.Tests;

/// <summary>
/// What outside judges of docs/openapi.json ask for (tests/outside/document.sh), as far as it can be asked here: each
/// failure says what a new slice lacks.
/// </summary>
public sealed class ApiDocumentQualityTests
{
    private static readonly JsonObject Document = JsonNode
        .Parse(File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "openapi.json")))!
        .AsObject();

    private static readonly (string Path, string Method, JsonObject Call)[] Calls =
    [
        .. from path in Document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select (path.Key, method.Key.ToUpperInvariant(), method.Value!.AsObject()),
    ];

    [Fact]
    public void Every_call_says_in_words_of_its_own_what_it_does()
    {
        Assert.NotEmpty(Calls);
        Assert.All(Calls, one =>
            Assert.False(
                string.IsNullOrEmpty(one.Call["summary"]!.ToString()),
                $"{NameOf(one.Call)} ({one.Method} {one.Path}) has no summary. Put a doc comment on its command or "
                    + "endpoint class, or .WithSummary(…) on its route."
            )
        );
        Assert.All(Calls.GroupBy(one => one.Call["summary"]!.ToString()), same =>
            Assert.True(
                same.Count() == 1,
                $"{string.Join(" and ", same.Select(one => NameOf(one.Call)))} have one summary, '{same.Key}'. "
                    + "Put .WithSummary(…) on each route."
            )
        );
        Assert.All(Calls, one => Assert.EndsWith(".", one.Call["description"]!.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_tag_is_described() =>
        Assert.All(Document["tags"]!.AsArray(), tag =>
            Assert.False(
                string.IsNullOrEmpty(tag!["description"]!.ToString()),
                $"The tag '{tag["name"]}' has no description. Add it to ApiTags in the host."
            )
        );

    [Fact]
    public void Every_call_is_in_the_http_files_with_the_body_that_is_its_example()
    {
        var tried = HttpCalls.All.Select(call => (call.Method, Template(call.Method, call.Path))).ToHashSet();
        Assert.NotEmpty(tried);
        Assert.All(Calls, one =>
            Assert.True(
                tried.Contains((one.Method, one.Path)),
                $"{one.Method} {one.Path} is in no file of http/: add it, with a body where it takes one."
            )
        );
    }

    [Fact]
    public void The_bodies_in_the_http_files_are_as_the_document_says()
    {
        var bodies = HttpCalls.All.Where(call => call is { Body: not null, MediaType: HttpCalls.Json }).ToArray();
        Assert.NotEmpty(bodies);
        Assert.All(bodies, call =>
            Assert.True(
                ApiContract.Errors(call.Method, call.Path, call.Body!.ToJsonString()) is { Count: 0 },
                $"http/{call.File}, {call.Method} {call.Path}: "
                    + string.Join("; ", ApiContract.Errors(call.Method, call.Path, call.Body!.ToJsonString()))
            )
        );
    }

    [Fact]
    public void Every_example_is_as_its_schema_says()
    {
        var examples = (
            from one in Calls
            from content in Contents(one.Call)
            where content["example"] is not null
            select (Name: NameOf(one.Call), Schema: content["schema"]!.AsObject(), Example: content["example"]!)
        ).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, one =>
            Assert.True(
                ApiContract.Errors(one.Schema, one.Example.ToJsonString()) is { Count: 0 },
                $"The example of {one.Name}: "
                    + string.Join("; ", ApiContract.Errors(one.Schema, one.Example.ToJsonString()))
            )
        );
    }

    [Fact]
    public void Every_JSON_that_is_sent_or_answered_and_every_form_has_an_example() =>
        Assert.All(
            from one in Calls
            from content in JsonContents(one.Call)
            select (Name: NameOf(one.Call), content),
            one => Assert.True(one.content["example"] is not null, $"{one.Name} has a body without an example.")
        );

    /// <summary>As where an error's own body is passed over.</summary>
    [Fact]
    public void Every_schema_is_of_something_that_is_sent_or_answered()
    {
        var text = Document.ToJsonString();
        Assert.All(Document["components"]!["schemas"]!.AsObject(), schema =>
            Assert.Contains($"#/components/schemas/{schema.Key}\"", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Null_is_the_last_of_several_types_and_nothing_required_may_be_null()
    {
        foreach (var (name, schema) in Document["components"]!["schemas"]!.AsObject())
        foreach (var (property, value) in schema!["properties"] as JsonObject ?? [])
        {
            if (value!["type"] is JsonArray types)
                Assert.True(types[^1]!.ToString() == "null", $"{name}.{property}: null is not its last type.");
            var closed = schema["additionalProperties"] is not null;
            var required = (schema["required"] as JsonArray ?? []).Any(one => one!.ToString() == property);
            Assert.False(
                closed && required && (value["type"] is JsonArray || value["oneOf"] is not null),
                $"{name}.{property} is required and may be null."
            );
        }
    }

    [Fact]
    public void Answers_may_get_new_fields_and_inputs_are_closed()
    {
        var answered = Calls.SelectMany(one => References(one.Call["responses"])).ToHashSet();
        var sent = Calls.SelectMany(one => References(one.Call["requestBody"])).ToHashSet();
        Assert.NotEmpty(answered);
        Assert.All(answered, name => Assert.False(IsClosed(name), $"{name} is an answer and closed to new fields."));
        Assert.All(sent.Where(name => Schema(name)["properties"] is not null), name =>
            Assert.True(IsClosed(name), $"{name} is an input and not closed to unknown fields.")
        );
    }

    [Fact]
    public void A_text_in_a_query_says_how_long_it_may_be() =>
        Assert.All(
            from one in Calls
            from parameter in one.Call["parameters"] as JsonArray ?? []
            let schema = parameter["schema"]!
            where parameter["in"]!.ToString() == "query"
            where parameter["name"]!.ToString() is not ("after" or "name") // ours; of a file, and cut
            where schema["type"]?.ToString() == "string" && schema["format"] is null && schema["enum"] is null
            select (Name: NameOf(one.Call), Parameter: parameter["name"]!.ToString(), schema),
            one =>
                Assert.True(
                    one.schema["maxLength"] is not null,
                    $"{one.Parameter} of {one.Name} has no [MaxLength(…)]: it is a text of any length."
                )
        );

    [Fact]
    public void Opening_hours_say_what_a_time_is_and_how_many_a_day_has()
    {
        var stretch = Schema("OpenHoursInput");
        Assert.Equal(["opens", "closes"], stretch["required"]!.AsArray().Select(name => name!.ToString()));
        Assert.Matches(stretch["properties"]!["opens"]!["pattern"]!.ToString(), "23:59");
        Assert.DoesNotMatch(stretch["properties"]!["opens"]!["pattern"]!.ToString(), "24:00");
        Assert.Matches(stretch["properties"]!["closes"]!["pattern"]!.ToString(), "24:00");
        Assert.DoesNotMatch(stretch["properties"]!["closes"]!["pattern"]!.ToString(), "24:01");
        Assert.All(Schema("WeeklyHoursInput")["properties"]!.AsObject(), day =>
            Assert.Equal(6, day.Value!["maxItems"]!.GetValue<int>())
        );
    }

    [Fact]
    public void Every_error_that_a_route_declares_is_named_by_its_code() =>
        Assert.All(
            from one in Calls
            from answer in one.Call["responses"]!.AsObject()
            where answer.Key[0] >= '4'
            from problem in answer.Value!["content"]!.AsObject()
            where problem.Key == "application/problem+json" // not an error of another form, as OAuth's
            from code in problem.Value!["examples"]!.AsObject()
            select (Name: NameOf(one.Call), answer.Key, Code: code.Key),
            one =>
                Assert.True(
                    one.Code != "request.failed",
                    $"{one.Name} declares {one.Key}, but nothing in its code makes such an error. Remove ProducesProblem, or "
                        + "make the error with ApiError and a constant code."
                )
        );

    private static string NameOf(JsonObject call) => call["operationId"]!.ToString();

    private static JsonObject Schema(string name) => Document["components"]!["schemas"]![name]!.AsObject();

    private static bool IsClosed(string name) => Schema(name)["additionalProperties"]?.ToJsonString() == "false";

    private static IEnumerable<JsonObject> JsonContents(JsonObject call) =>
        Bodies(call)
            .Where(content => content.Key is HttpCalls.Json or HttpCalls.Form)
            .Select(content => content.Value!.AsObject());

    private static IEnumerable<JsonObject> Contents(JsonObject call) =>
        Bodies(call).Select(content => content.Value!.AsObject());

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Bodies(JsonObject call) =>
        (call["requestBody"]?["content"] as JsonObject ?? []).Concat(
            call["responses"]!.AsObject().SelectMany(answer => answer.Value!["content"] as JsonObject ?? [])
        );

    private static HashSet<string> References(JsonNode? node)
    {
        var found = new HashSet<string>();
        Add(node);
        return found;

        void Add(JsonNode? part)
        {
            foreach (
                var value in part is JsonObject properties
                    ? properties.Select(one => one.Value)
                    : part as JsonArray ?? []
            )
                Add(value);
            if (
                (part as JsonObject)?["$ref"] is JsonValue reference
                && reference.ToString().Split('/') is [.., "schemas", var name]
                && found.Add(name)
            )
                Add(Schema(name));
        }
    }

    /// <summary>The path of the document that a path belongs to.</summary>
    private static string? Template(string method, string path) =>
        Calls
            .Where(one => one.Method == method)
            .Select(one => one.Path)
            .Where(template =>
                template.Split('/') is var parts
                && parts.Length == path.Split('/').Length
                && parts.Zip(path.Split('/')).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second)
            )
            .MinBy(template => template.Count(letter => letter == '{'));
}
