using System.Text.Json;

namespace Practice.Webhooks.Tests;

/// <summary>A webhook of a practice, as its owner has it.</summary>
internal sealed record Hook(Group Group, Guid Id, string Secret)
{
    public string Path => $"{Group.Path}/webhooks/{Id}";

    public async Task<Answer> ReadAsync() => (await Group.Owner.Api.Get(Path)).Should(200);

    public async Task<IReadOnlyList<JsonElement>> Deliveries(string? status = null) =>
        (await Group.Owner.Api.Get($"{Path}/deliveries?limit=200&status={status}")).Should(200).Items;

    public async Task<JsonElement> Delivery(Guid id) =>
        (await Deliveries()).Single(delivery => delivery.GetProperty("id").GetGuid() == id);

    public async Task<Guid> Test() => (await Group.Owner.Api.Post($"{Path}/test")).Should(202).Id;

    public async Task Change(object body) =>
        (await Group.Owner.Api.Put(Path, body, (await ReadAsync()).ETag)).Should(204);
}

internal static class Hooks
{
    public static async Task<Hook> Hook(this Group group, string url, params string[] events)
    {
        var made = (
            await group.Owner.Api.Post(
                $"{group.Path}/webhooks",
                new { url, events = events.Length == 0 ? ["member.joined"] : events }
            )
        ).Should(201);
        return new Hook(group, made.Id, made["secret"].GetString()!);
    }

    /// <summary>Its own events are over, so that no hook hears of them.</summary>
    public static async Task<Group> NewGroup(this TestApp app)
    {
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        await app.SettlesAsync();
        return group;
    }

    public static TestAppOptions ToThisMachine { get; } =
        new() { Settings = new Dictionary<string, string?> { ["Webhooks:AllowPrivateNetworks"] = "true" } };

    /// <param name="timeout">How long a receiver may take.</param>
    public static TestAppOptions ToThisMachineWithin(string timeout) =>
        new() { Settings = new Dictionary<string, string?>(ToThisMachine.Settings) { ["Webhooks:Timeout"] = timeout } };
}
