using System.Text.Json.Nodes;

namespace Practice.Users.Tests;

/// <summary>
/// Every field of every body of this module: absent, null, wrong, empty, too long, with control characters.
/// </summary>
public sealed class BadInputTests
{
    private const string Anonymous = "anonymous";
    private const string SignedIn = "signed in";

    private static readonly object[] Nothing = [1, true, new JsonObject(), new JsonArray("a")];

    /// <summary>Method, path, caller, a valid body, and the field in it that is optional.</summary>
    public static TheoryData<string, string, string, string, string> Bodies =>
        new()
        {
            {
                "POST",
                "sign-up",
                Anonymous,
                """{"title":"Dr","firstName":"Ada","lastName":"Moss","email":"EMAIL","password":"a long enough one"}""",
                "title"
            },
            {
                "POST",
                "confirm-email",
                Anonymous,
                """{"token":"never-sent","password":"a long enough one"}""",
                "password"
            },
            { "POST", "resend-confirmation", Anonymous, """{"email":"EMAIL"}""", "" },
            {
                "POST",
                "sign-in",
                Anonymous,
                """{"email":"EMAIL","password":"a long enough one","code":"123456"}""",
                "code"
            },
            { "POST", "refresh", Anonymous, """{"refreshToken":"never given out"}""", "" },
            { "POST", "forgot-password", Anonymous, """{"email":"EMAIL"}""", "" },
            { "POST", "reset-password", Anonymous, """{"token":"never-sent","password":"a long enough one"}""", "" },
            { "PUT", "me", SignedIn, """{"title":"Dr","firstName":"Ada","lastName":"Moss"}""", "title" },
            {
                "PUT",
                "me/password",
                SignedIn,
                """{"currentPassword":"not the password","newPassword":"a long enough one"}""",
                ""
            },
            { "POST", "unsubscribe", Anonymous, """{"token":"never-sent"}""", "" },
            { "POST", "me/email", SignedIn, """{"newEmail":"EMAIL","password":"not the password"}""", "" },
            { "POST", "me/two-factor", SignedIn, """{"password":"not the password"}""", "" },
            { "POST", "me/two-factor/enable", SignedIn, """{"code":"123456"}""", "" },
            { "POST", "me/two-factor/disable", SignedIn, """{"code":"123456"}""", "" },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Every_invalid_field_is_rejected_by_its_name_and_nothing_is_stored(
        string method,
        string path,
        string caller,
        string body,
        string optional
    )
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        var api = caller == SignedIn ? (await app.SignUpAndConfirm()).Api : app.Api;
        var before = caller == SignedIn ? await api.Get("/api/users/me") : null;
        var good = JsonNode.Parse(body.Replace("EMAIL", email, StringComparison.Ordinal))!.AsObject();

        foreach (var (field, value) in good)
        {
            foreach (var wrong in WrongValues(value!.GetValue<string>(), mayBeAbsent: optional == field))
            {
                var sent = good.DeepClone().AsObject();
                if (wrong.Absent)
                    sent.Remove(field);
                else
                    sent[field] = wrong.Value?.DeepClone();
                (await Send(sent.ToJsonString())).ShouldReject(field);
            }
        }

        Assert.Equal(0, await Stored(app, email));
        Assert.Equal(before?.ETag, caller == SignedIn ? (await api.Get("/api/users/me")).ETag : null);

        Task<Answer> Send(string text) =>
            api.Send(new HttpMethod(method), $"/api/users/{path}", text, etag: path == "me" ? "*" : null);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_not_an_object_with_the_known_fields_is_rejected(
        string method,
        string path,
        string caller,
        string body,
        string optional
    )
    {
        Assert.DoesNotContain("unknown", optional, StringComparison.Ordinal);
        var app = await TestApp.StartedAsync();
        var api = caller == SignedIn ? (await app.SignUpAndConfirm()).Api : app.Api;
        var good = body.Replace("EMAIL", People.NewEmail(), StringComparison.Ordinal);

        foreach (var text in (string[])["[]", "null", "\"text\"", "1", "{", "", "{\"firstName\":\"\\ud800\"}"])
            Assert.NotEmpty((await Send(text)).Should(400, "request.invalid").Fields);
        (await Send(good[..^1] + ",\"unknown\":1}")).ShouldReject("unknown");
        (await Send(good[..^1] + "," + good[1..])).Should(400, "request.invalid");
        (
            await api.Send(
                new HttpMethod(method),
                $"/api/users/{path}",
                new StringContent(good, new System.Net.Http.Headers.MediaTypeHeaderValue("text/plain")),
                "*"
            )
        ).Should(415);

        Task<Answer> Send(string text) =>
            api.Send(new HttpMethod(method), $"/api/users/{path}", text, etag: path == "me" ? "*" : null);
    }

    [Theory]
    [InlineData("PUT", "me")]
    [InlineData("PUT", "me/password")]
    [InlineData("POST", "me/email")]
    [InlineData("PUT", "me/mail-preferences")]
    [InlineData("GET", "me/mail-preferences")]
    [InlineData("POST", "me/notifications/read-all")]
    [InlineData("POST", "me/two-factor/enable")]
    [InlineData("POST", "me/two-factor/disable")]
    [InlineData("POST", "me/two-factor")]
    [InlineData("POST", "sign-out")]
    [InlineData("POST", "sign-out-everywhere")]
    [InlineData("GET", "me")]
    [InlineData("GET", "me/sessions?limit=0")]
    [InlineData("GET", "me/notifications?limit=0")]
    [InlineData("GET", "me/notifications/unread-count")]
    public async Task A_caller_who_is_not_signed_in_gets_401_before_any_error_in_the_input(string method, string path)
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Send(new HttpMethod(method), $"/api/users/{path}", method == "GET" ? null : "{}")).Should(
            401,
            "auth.not_signed_in"
        );
        (
            await app
                .Api.WithToken("never given out")
                .Send(new HttpMethod(method), $"/api/users/{path}", method == "GET" ? null : "{}")
        ).Should(401, "auth.not_signed_in");
    }

    private static IEnumerable<(bool Absent, JsonNode? Value)> WrongValues(string good, bool mayBeAbsent)
    {
        foreach (var wrongType in Nothing)
            yield return (false, wrongType as JsonNode ?? JsonValue.Create(wrongType));
        yield return (false, JsonValue.Create(new string('x', 300)));
        yield return (false, JsonValue.Create(good.Insert(1, "\0")));
        yield return (false, JsonValue.Create(good.Insert(1, "\n")));
        if (mayBeAbsent)
            yield break;
        yield return (true, null);
        yield return (false, null);
        yield return (false, JsonValue.Create(""));
        yield return (false, JsonValue.Create("   "));
    }

    private static async Task<long> Stored(TestApp app, string email) =>
        await app.Count("pending_sign_ups", "lower(email) like $1", $"%{email}%")
        + await app.Count("accounts", "lower(email) like $1", $"%{email}%");
}
