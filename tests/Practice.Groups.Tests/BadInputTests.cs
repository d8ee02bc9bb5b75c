using System.Text.Json;
using System.Text.Json.Nodes;

namespace Practice.Groups.Tests;

/// <summary>
/// Each field of each body is sent missing, null, of the wrong type, empty, too long, and with control characters: 400
/// naming the field, and nothing is stored.
/// </summary>
public sealed class BadInputTests
{
    private const string NewMember = """
        {"title":"Dr","firstName":"Ada","lastName":"Moss","roleType":"practitioner","profession":"nurse",
         "registrationNumber":"N1","email":"EMAIL","confirmEmail":"EMAIL",
         "password":"a good long password","confirmPassword":"a good long password",
         "accessLevel":"personal","settings":{"manageUsers":false},"locationIds":[]}
        """;

    /// <summary>Method, path, body, field, whether it may be missing or null, and whether it is text.</summary>
    public static TheoryData<string, string, string, string, bool, bool> Fields()
    {
        var fields = new TheoryData<string, string, string, string, bool, bool>();
        foreach (
            var (name, optional, text) in new[]
            {
                ("title", true, true),
                ("firstName", false, true),
                ("lastName", false, true),
                ("roleType", false, false),
                ("profession", false, true),
                ("registrationNumber", true, true),
                ("email", false, true),
                ("confirmEmail", false, true),
                ("password", false, true),
                ("confirmPassword", false, true),
                ("accessLevel", false, false),
                ("settings", true, false),
                ("locationIds", false, false),
            }
        )
        {
            fields.Add("POST", "GROUP/members", NewMember, name, optional, text);
        }

        foreach (
            var (name, optional, text) in new[]
            {
                ("name", false, true),
                ("roleType", false, false),
                ("profession", true, true),
                ("registrationNumber", true, true),
            }
        )
            fields.Add(
                "POST",
                "/api/groups",
                """{"name":"N","roleType":"practitioner","profession":"nurse","registrationNumber":"1"}""",
                name,
                optional,
                text
            );
        fields.Add(
            "PUT",
            "/api/users/me/current-group",
            """{"groupId":"00000000-0000-0000-0000-000000000000"}""",
            "groupId",
            false,
            false
        );
        fields.Add(
            "PUT",
            "GROUP/members/MEMBER",
            """{"profession":"nurse","registrationNumber":null}""",
            "profession",
            false,
            true
        );
        fields.Add(
            "PUT",
            "GROUP/members/MEMBER",
            """{"profession":"nurse","registrationNumber":"1"}""",
            "registrationNumber",
            true,
            true
        );
        fields.Add(
            "PUT",
            "GROUP/members/MEMBER/access",
            """{"accessLevel":"reception","settings":{},"owner":false}""",
            "accessLevel",
            false,
            false
        );
        fields.Add(
            "PUT",
            "GROUP/members/MEMBER/access",
            """{"accessLevel":"reception","settings":{},"owner":false}""",
            "settings",
            true,
            false
        );
        fields.Add(
            "PUT",
            "GROUP/members/MEMBER/access",
            """{"accessLevel":"reception","settings":{},"owner":false}""",
            "owner",
            true,
            false
        );
        fields.Add("PUT", "GROUP/members/MEMBER/locations", """{"locationIds":[]}""", "locationIds", false, false);
        fields.Add("PUT", "GROUP/locations/LOCATION/members", """{"userIds":[]}""", "userIds", false, false);
        fields.Add("POST", "GROUP/members/MEMBER/deactivate", """{"reason":"x"}""", "reason", true, true);
        return fields;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task An_invalid_field_is_named(
        string method,
        string path,
        string body,
        string field,
        bool optional,
        bool text
    )
    {
        var group = await Setup.Value;
        var before = await Stored(group);
        var wrong = new List<(string What, JsonNode? Value)>
        {
            ("wrong type", JsonNode.Parse("{\"a\":1}")),
            ("wrong type", JsonNode.Parse("[[1]]")),
            ("a number", 17.5),
        };
        if (!optional)
            wrong.Add(("null", null));
        if (text)
            wrong.AddRange([
                ("overlong", new string('x', 100_000)),
                ("control characters", "a\u0000b"),
                ("control characters", "a\u001bb\r\n"),
            ]);
        else
            wrong.AddRange([("an unknown value", "nonsense"), ("control characters", "\u0000")]);
        if (!optional && text)
            wrong.AddRange([("empty", ""), ("blank", "   ")]);

        foreach (var (what, value) in wrong)
        {
            var changed = JsonNode.Parse(Fill(body, group))!.AsObject();
            changed[field] = value?.DeepClone();
            await IsRejected(group, method, path, changed.ToJsonString(), field, what);
        }

        if (!optional)
        {
            var without = JsonNode.Parse(Fill(body, group))!.AsObject();
            without.Remove(field);
            await IsRejected(group, method, path, without.ToJsonString(), field, "absent");
        }

        Assert.Equal(before, await Stored(group));
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("17", "body")]
    [InlineData("{", "body")]
    [InlineData("{\"unknown\":1}", "unknown")]
    [InlineData("{\"firstName\":\"a\",\"firstName\":\"b\"}", "firstName")]
    [InlineData("{\"firstName\":\"\\ud800\"}", "firstName")]
    [InlineData("{\"settings\":{\"\\ud800\":true}}", "settings")]
    [InlineData("{\"settings\":{\"readOnly\":true,\"readOnly\":false}}", "settings.readOnly")]
    public async Task A_body_that_is_not_the_expected_object_is_rejected(string body, string field)
    {
        var group = await Setup.Value;
        (await group.Owner.Api.Post($"{group.Path}/members", body)).Should(400).ShouldReject(field);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=AAAA", "after")]
    [InlineData("status=gone", "status")]
    [InlineData("status=0", "status")]
    [InlineData("roleType=Practitioner", "roleType")]
    [InlineData("search=%00", "search")]
    [InlineData("locationId=here", "locationId")]
    public async Task An_invalid_filter_is_named(string query, string field)
    {
        var group = await Setup.Value;
        (await group.Owner.Api.Get($"{group.Path}/members?{query}")).Should(400).ShouldReject(field);
        (await group.Host.Api.Get($"{group.Path}/members?{query}")).Should(401);
        (await (await group.Host.SignUpAndConfirm()).Api.Get($"{group.Path}/members?{query}")).Should(404);
    }

    [Fact]
    public async Task A_missing_right_is_reported_before_errors_in_the_input()
    {
        var group = await Setup.Value;
        var member = await group.AddsNewPerson("reception");
        (await group.Host.Api.Post($"{group.Path}/members", "{")).Should(401);
        (await member.Api.Post($"{group.Path}/members", "{")).Should(403);
        (await (await group.Host.SignUpAndConfirm()).Api.Post($"{group.Path}/members", "{")).Should(404);
        (await group.Owner.Api.Put($"{group.Path}/members/{Guid.CreateVersion7()}/access", "{")).Should(404);
    }

    private static readonly Lazy<Task<Group>> Setup = new(async () =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup()
    );

    private static async Task IsRejected(
        Group group,
        string method,
        string path,
        string body,
        string field,
        string what
    )
    {
        var answer = await group.Owner.Api.Send(new HttpMethod(method), Fill(path, group), body, "*");
        Assert.True(answer.Status == 400, $"{field} {what}: {answer}");
        Assert.True(
            answer.Fields.Any(named =>
                named == field
                || named.StartsWith($"{field}.", StringComparison.Ordinal)
                || named.StartsWith($"{field}[", StringComparison.Ordinal)
                || (field is "email" && named is "confirmEmail")
                || (field is "password" && named is "confirmPassword")
            ),
            $"{field} {what} not named: {answer}"
        );
    }

    private static string Fill(string template, Group group) =>
        template
            .Replace("GROUP", group.Path, StringComparison.Ordinal)
            .Replace("MEMBER", group.Owner.Id.ToString(), StringComparison.Ordinal)
            .Replace("LOCATION", group.LocationId.ToString(), StringComparison.Ordinal)
            .Replace("EMAIL", "ada.moss@practice.test", StringComparison.Ordinal);

    private static async Task<string> Stored(Group group) =>
        JsonSerializer.Serialize(
            await (await TestApp.StartedAsync()).Owner.Rows(
                """
                select (select count(*) from groups.reservations where group_id = $1),
                       (select count(*) from groups.invitations where group_id = $1),
                       (select string_agg(m::text, ';' order by user_id)
                        from groups.memberships m where group_id = $1 and user_id = $2),
                       (select count(*) from groups.groups where name = 'N')
                """,
                group.Id,
                group.Owner.Id
            )
        );
}
