namespace Practice.Locations.Tests;

/// <summary>Bodies and calls for the tests of locations.</summary>
internal static class Place
{
    public static string Locations(this Group group) => $"{group.Path}/locations";

    public static string Location(this Group group, Guid id) => $"{group.Path}/locations/{id}";

    /// <summary>A body with every field filled in.</summary>
    public static Dictionary<string, object?> Full(string name = "Harbour clinic") =>
        new()
        {
            ["name"] = name,
            ["address"] = "1 Quay Street",
            ["phone"] = "+61 3 5550 0100",
            ["timeZone"] = "Australia/Melbourne",
            ["colour"] = "#2f7fd6",
            ["hours"] = new
            {
                monday = new[] { new { opens = "08:30", closes = "12:30" }, new { opens = "13:30", closes = "18:00" } },
                saturday = new[] { new { opens = "18:00", closes = "24:00" } },
            },
        };

    public static async Task<Guid> Opens(this Person person, Group group, string name) =>
        (await person.Api.Post(group.Locations(), Full(name))).Should(201).Id;

    public static async Task<string[]> NamesSeenBy(this Group group, Person person) =>
        [.. (await person.Api.GetAll(group.Locations())).Select(item => item.GetProperty("name").GetString()!)];

    public static async Task<string?> StatusOf(this Group group, Guid location) =>
        (await group.Owner.Api.Get(group.Location(location))).Should(200)["status"].GetString();
}
