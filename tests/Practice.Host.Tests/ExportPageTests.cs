using System.IO.Compression;
using System.Net;

namespace Practice.Host.Tests;

/// <summary>The pages of the audit and of exports, without script.</summary>
public sealed class ExportPageTests
{
    [Fact]
    public async Task A_member_asks_for_an_export_and_downloads_it()
    {
        var (owner, group) = await NewPractice();
        var page = $"/practice/{group.Id}/export";
        using var browser = new Browser((TestApp)owner.Host);
        await browser.SignIn(owner);

        var none = await browser.Post(page, await browser.Token(page), ("_handler", "export"));
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        var asked = await browser.Post(
            page,
            await browser.Token(page),
            ("_handler", "export"),
            ("kinds", "patients"),
            ("kinds", "audit")
        );
        Assert.EndsWith(page, asked.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var export = Assert.Single((await owner.Api.Get($"{group.Path}/exports")).Should(200).Items);
        var path = $"{page}/{export.GetProperty("id").GetGuid()}/file";
        Assert.Contains(path, await TextAsync(browser, page), StringComparison.Ordinal);

        using var file = await browser.Get(path);
        Assert.Equal("application/zip", file.Content.Headers.ContentType?.MediaType);
        using var zip = new ZipArchive(await file.Content.ReadAsStreamAsync(), ZipArchiveMode.Read);
        Assert.Contains(zip.Entries, entry => entry.Name == "patients.csv");
        Assert.Contains("Download again", await TextAsync(browser, page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_page_and_its_file_say_the_same_in_words()
    {
        var (owner, group) = await NewPractice();
        using var browser = new Browser((TestApp)owner.Host);
        await browser.SignIn(owner);
        var said = $"{owner.FirstName} {owner.LastName} added Ines Vale";

        Assert.Contains(said, await TextAsync(browser, $"/practice/{group.Id}/audit"), StringComparison.Ordinal);
        var file = await TextAsync(browser, $"/practice/{group.Id}/audit.csv?act=portal.patient_added");
        Assert.Contains(said, file, StringComparison.Ordinal);
        // A day that is none must not show everything.
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await browser.Get($"/practice/{group.Id}/audit.csv?from=2026-02-30")).StatusCode
        );
        var patient = (await owner.Api.Get($"{group.Path}/patients")).Items[0].GetProperty("id").GetGuid();
        var details = await TextAsync(browser, $"/practice/{group.Id}/patients/{patient}/details");
        Assert.Contains(said, details, StringComparison.Ordinal);
        Assert.Contains($"/practice/{group.Id}/audit?patientId={patient}", details, StringComparison.Ordinal);
    }

    /// <summary>A browser left open is not enough: it leads to the page that asks for the password, and back.</summary>
    [Theory]
    [InlineData("/account/my-data.zip")]
    [InlineData("/practice/{0}/audit.csv")]
    public async Task A_file_of_personal_data_asks_who_it_is(string path)
    {
        var (owner, group) = await NewPractice();
        var address = path.Replace("{0}", $"{group.Id}", StringComparison.Ordinal);
        using var browser = new Browser((TestApp)owner.Host);
        await browser.SignIn(owner);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(address)).StatusCode);

        await ((TestApp)owner.Host).VerificationEnds(owner.Id);
        var answer = await browser.Get(address);
        Assert.Equal($"/confirm?again&to={Uri.EscapeDataString(address)}", answer.Headers.Location?.OriginalString);
    }

    private static async Task<(Person Owner, Group Group)> NewPractice()
    {
        var owner = await (await TestApp.StartedAsync()).SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        (
            await owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Ines",
                    lastName = "Vale",
                    dateOfBirth = "1985-04-12",
                }
            )
        ).Should(201);
        return (owner, group);
    }

    private static async Task<string> TextAsync(Browser browser, string path)
    {
        using var answer = await browser.Get(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
