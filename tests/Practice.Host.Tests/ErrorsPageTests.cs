using System.Text;
using System.Text.Json.Nodes;

namespace Practice.Host.Tests;

/// <summary>docs/api/errors.md lists the codes of the API document, which the host reads from its own code.</summary>
public sealed class ErrorsPageTests
{
    private const string Accept = "PRACTICE_ACCEPT_OPENAPI";

    private const string Introduction = """
        # Errors

        An error is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)):

        ```sh
        curl -s "$api/groups/$group/members?limit=0" -H "$auth" | jq
        ```

        ```json
        {
          "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
          "title": "The input is not valid",
          "status": 400,
          "detail": "Some of the input can't be accepted; each field says why.",
          "code": "request.invalid",
          "errors": { "limit": ["A whole number from 1 to 200."] },
          "traceId": "0af7651916cd43dd8448eb211c80319c"
        }
        ```

        Decide by `code`: it stays. `detail` is a sentence for a person, and may change. `errors` says what is wrong with each
        field, by its name as it was sent. `traceId` finds the call in the logs.

        | status | means | what to do |
        |---|---|---|
        | 400 | the input is wrong, as the call alone shows | correct it |
        | 401 | no session, or it has ended | sign in, or renew the token |
        | 403 | signed in, but not allowed | the code says what is missing |
        | 404 | there is nothing, or it is not yours to see | |
        | 409 | it conflicts with the current state | read again |
        | 410 | a link or an invitation has expired | ask for another |
        | 412 · 428 | somebody else changed it · `If-Match` is missing | read again, send its `ETag` |
        | 413 · 415 | the body is too large · of the wrong type | |
        | 422 | well-formed, but against a rule | the code says which |
        | 429 | too many calls | wait as long as `Retry-After` says, in seconds |
        | 503 | not available at the moment | repeat after `Retry-After`, a POST with its `Idempotency-Key` |

        401, 403 and 404 come before 400. A 500 is a fault of ours: report its `traceId`.

        ## Every code

        Which call answers which: [openapi.json](../openapi.json). Written by the tests, from the code.

        | code | status | sentence |
        |---|---|---|
        """;

    [Fact]
    public async Task It_lists_every_code_of_the_document()
    {
        var app = await TestApp.StartedAsync();
        var document = JsonNode.Parse((await app.Api.Get("/openapi/v1.json")).Should(200).Text)!;
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n")).Append('\n');
        foreach (var (_, example) in document["components"]!["examples"]!.AsObject())
        {
            var problem = example!["value"]!;
            var detail = problem["detail"]!.ToString().Replace("|", "\\|", StringComparison.Ordinal);
            page.Append($"| `{problem["code"]}` | {problem["status"]} | {detail} |\n");
        }

        var file = Path.Combine(Checkout.Folder, "docs", "api", "errors.md");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            await File.WriteAllTextAsync(file, page.ToString());
        Assert.True(
            File.Exists(file) && page.ToString() == (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n"),
            "docs/api/errors.md does not list the codes of docs/openapi.json. "
                + $"{Accept}=1 dotnet test tests/Practice.Host.Tests --filter {nameof(ErrorsPageTests)}"
        );
    }
}
