using System.Net.Http.Headers;
using System.Text;
using Practice.Web;

namespace Practice.Host.Tests;

/// <summary>What pages show and give people for a staff file is what the API takes.</summary>
public sealed class ImportPageTests
{
    private const string Header = "First name,Last name,Role Type,Profession,E-mail,Access Level,Settings\n";

    [Fact]
    public async Task The_template_is_a_file_of_one_example_that_is_not_imported()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var template = await (await browser.Get("/import-template.csv")).Content.ReadAsByteArrayAsync();
        Assert.Equal(Encoding.UTF8.GetPreamble(), template[..3]);

        foreach (var dryRun in new[] { true, false })
        {
            var row = Assert.Single((await Import(group, template, dryRun)).Items);
            Assert.Equal("groups.example_row", row.GetProperty("code").GetString());
        }

        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members")).Items);
    }

    /// <summary>One row for each word, so that a word that changes on the pages is missed here.</summary>
    [Fact]
    public async Task Every_word_that_the_pages_show_for_a_value_is_taken()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var (levels, professions) = (
            (await group.Owner.Api.Get("/api/access-levels")).Should(200).Items,
            (await group.Owner.Api.Get("/api/professions")).Should(200).Items
        );
        var settings = levels[0].GetProperty("settings").EnumerateObject().Select(setting => setting.Name).ToList();
        Assert.NotEmpty(settings);
        List<string> rows =
        [
            .. professions.Select(profession =>
                $"Practitioner,{profession.GetProperty("name").GetString()},{{0}},Personal,"
            ),
            .. levels.Select(level =>
                $"{level.GetProperty("roleType").GetString()},Other,{{0}},\"{level.GetProperty("name").GetString()}\","
            ),
            .. settings.Select(setting => $"Administrator,Other,{{0}},Full,\"{AccessLabels.Label(setting)}=no\""),
        ];
        var file = new StringBuilder(Header);
        foreach (var row in rows)
            file.Append("Ada,Moss,")
                .Append(row.Replace("{0}", People.NewEmail(), StringComparison.Ordinal))
                .Append('\n');

        var report = await Import(group, Encoding.UTF8.GetBytes(file.ToString()), dryRun: true);
        Assert.Equal(rows.Count, report.Items.Count);
        Assert.All(report.Items, row => Assert.Equal("ready", row.GetProperty("verdict").GetString()));
    }

    private static async Task<Answer> Import(Group group, byte[] file, bool dryRun)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var answer = await group.Owner.Api.Post(
            $"{group.Path}/members/import?dryRun={(dryRun ? "true" : "false")}",
            content
        );
        return answer.Should(200);
    }
}
