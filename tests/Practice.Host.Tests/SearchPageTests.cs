using System.Net;

namespace Practice.Host.Tests;

/// <summary>The search boxes of the pages find what the API finds, and an old cursor leads to the first page.</summary>
public sealed class SearchPageTests
{
    [Fact]
    public async Task A_page_finds_names_however_they_are_typed_and_starts_again_where_its_cursor_is_too_old()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Søren",
                    lastName = "O’Brien",
                    dateOfBirth = "1985-04-12",
                }
            )
        ).Should(201);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        var patients = $"/practice/{group.Id}/patients";
        foreach (var (text, found) in new[] { ("o'brien, soren", true), ("12 Apr 1985", true), ("rien", false) })
            Assert.Equal(
                found,
                WebUtility
                    .HtmlDecode(await Page($"{patients}?search={Uri.EscapeDataString(text)}"))
                    .Contains(">Søren O’Brien</a>", StringComparison.Ordinal)
            );
        Assert.Contains(
            group.Owner.Email,
            await Page(
                $"/practice/{group.Id}/settings/users?search={Uri.EscapeDataString(group.Owner.LastName.ToUpperInvariant())}"
            ),
            StringComparison.Ordinal
        );

        var old = await browser.Get($"{patients}?search=soren&after=b2JyaWVuH3g");
        Assert.Equal(HttpStatusCode.Redirect, old.StatusCode);
        Assert.Equal($"{patients}?search=soren", old.Headers.Location!.OriginalString);

        async Task<string> Page(string path) => await (await browser.Get(path)).Content.ReadAsStringAsync();
    }
}
