namespace Practice.Groups.Tests;

/// <summary>The audit of a group: who did what to whom, when, and with which authority.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task It_lists_who_did_what_to_whom_newest_first()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        (
            await group.Owner.Api.Change($"{group.Path}/members/{member.Id}/access", new { accessLevel = "billing" })
        ).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate", new { reason = "Left." })).Should(
            204
        );

        var entries = await group.Owner.Api.GetAll($"{group.Path}/audit?subjectId={member.Id}&limit=1");
        Assert.Equal(
            ["groups.member_deactivated", "groups.access_changed", "groups.member_added"],
            entries
                .Select(entry => entry.GetProperty("act").GetString())
                .Where(act => act!.StartsWith("groups.", StringComparison.Ordinal))
        );
        Assert.All(entries, entry =>
        {
            Assert.Equal(group.Owner.Id, entry.GetProperty("actorId").GetGuid());
            Assert.Equal($"{group.Owner.FirstName} {group.Owner.LastName}", entry.GetProperty("actorName").GetString());
            Assert.Equal($"{member.FirstName} {member.LastName}", entry.GetProperty("subjectName").GetString());
            Assert.Equal("owner", entry.GetProperty("authority").GetString());
        });
        var changed = entries
            .Single(entry => entry.GetProperty("act").GetString() == "groups.access_changed")
            .GetProperty("details");
        // By name, since the meaning of numbers could change.
        Assert.Contains("billing", changed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_filtered_by_act_by_person_and_by_time()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var other = await group.AddsNewPerson("reception");
        (await manager.Api.Post($"{group.Path}/members/{other.Id}/deactivate")).Should(204);

        Assert.Equal(
            "groups.member_deactivated",
            Assert.Single(await Find($"actorId={manager.Id}")).GetProperty("act").GetString()
        );
        Assert.Equal(
            other.Id,
            Assert.Single(await Find("act=groups.member_deactivated")).GetProperty("subjectId").GetGuid()
        );
        Assert.Empty(await Find("to=2020-01-01T00:00:00Z"));
        Assert.Empty(await Find("from=2999-01-01T00:00:00Z"));
        Assert.NotEmpty(await Find("from=2020-01-01T00:00:00Z&to=2999-01-01T00:00:00Z"));
        (await group.Owner.Api.Get($"{group.Path}/audit?from=yesterday")).Should(400, "request.invalid");
        foreach (var file in new[] { "audit", "audit/file" })
        {
            (await group.Owner.Api.Get($"{group.Path}/{file}?from=0001-01-01T00:00:00Z")).ShouldReject("from");
            (await group.Owner.Api.Get($"{group.Path}/{file}?to=9999-12-31T23:59:59Z")).ShouldReject("to");
        }

        (await other.Api.Get($"{group.Path}/audit?from=yesterday")).Should(404);
        (await group.Owner.Api.Get($"{group.Path}/audit?actorId=me")).Should(400);
        (await group.Owner.Api.Get($"{group.Path}/audit?act=%00")).ShouldReject("act");

        Task<List<System.Text.Json.JsonElement>> Find(string query) =>
            group.Owner.Api.GetAll($"{group.Path}/audit?{query}");
    }

    [Fact]
    public async Task Only_those_who_manage_all_users_of_the_group_read_it()
    {
        var group = await NewGroup();
        var other = await NewGroup();
        (await (await group.AddsNewPerson("reception")).Api.Get($"{group.Path}/audit")).Should(403);
        (await other.Owner.Api.Get($"{group.Path}/audit")).Should(404);
        (await (await group.AddsNewPerson("manager")).Api.Get($"{group.Path}/audit")).Should(200);
        (
            await (await group.AddsNewPerson("manager", settings: new() { ["readOnly"] = true })).Api.Get(
                $"{group.Path}/audit"
            )
        ).Should(200);
        (
            await (
                await group.AddsNewPerson(
                    "manager",
                    "administrator",
                    new() { ["restrictToAssignedLocations"] = true },
                    group.LocationId
                )
            ).Api.Get($"{group.Path}/audit")
        ).Should(403);

        var mine = await other.Owner.Api.GetAll($"{other.Path}/audit");
        Assert.DoesNotContain(mine, entry =>
            entry.GetProperty("actorId").ValueKind != System.Text.Json.JsonValueKind.Null
            && entry.GetProperty("actorId").GetGuid() == group.Owner.Id
        );
    }

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
