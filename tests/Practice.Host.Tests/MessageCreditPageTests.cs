using System.Net;

namespace Practice.Host.Tests;

/// <summary>The pages of reminders and message credit, without script.</summary>
public sealed class MessageCreditPageTests
{
    [Fact]
    public async Task An_owner_adds_credit_and_the_settings_say_when_it_is_used_up()
    {
        await using var app = await TestApp.StartAsync(
            new TestAppOptions
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Sms:Url"] = "http://127.0.0.1:9/2010-04-01",
                    ["Sms:Account"] = "AC1",
                    ["Sms:Token"] = "s3cret",
                    ["Sms:From"] = "+61400000000",
                },
            }
        );
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var (settings, credit) = ($"/practice/{group.Id}/settings/practice", $"/practice/{group.Id}/settings/credit");
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        Assert.Contains("Remind by text message, too", await Text(browser, settings), StringComparison.Ordinal);

        (
            await group.Owner.Api.Change(
                group.Path,
                new
                {
                    name = group.Name,
                    reminders = new
                    {
                        enabled = true,
                        hoursBefore = 24,
                        byText = true,
                    },
                    invoices = new { currency = "AUD", dueAfterDays = 14 },
                }
            )
        ).Should(204);
        foreach (var page in new[] { settings, credit })
            Assert.Contains("No text messages are sent; emails go on.", await Text(browser, page), default);

        await Posts(HttpStatusCode.BadRequest, ("_handler", "top-up"), ("amount", "0"));
        await Posts(HttpStatusCode.Redirect, ("_handler", "top-up"), ("amount", "25"), ("note", "Invoice 7"));
        await Posts(HttpStatusCode.Redirect, ("_handler", "low"), ("version", "*"), ("lowBalance", "5"));

        var text = await Text(browser, credit);
        Assert.Contains("25 text messages left.", text, StringComparison.Ordinal);
        Assert.Contains("Invoice 7", text, StringComparison.Ordinal);
        Assert.Equal(5, (await group.Owner.Api.Get($"{group.Path}/credit"))["lowBalance"].GetInt32());
        Assert.DoesNotContain("No text messages are sent", await Text(browser, settings), StringComparison.Ordinal);

        var member = await group.AddsNewPerson("reception");
        using var other = new Browser(app);
        await other.SignIn(member);
        Assert.Contains("Only an owner can see the message credit.", await Text(other, credit), default);

        async Task Posts(HttpStatusCode status, params (string, string)[] fields) =>
            Assert.Equal(status, (await browser.Post(credit, await browser.Token(credit), fields)).StatusCode);
    }

    [Fact]
    public async Task Without_a_gateway_text_messages_are_not_offered()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        Assert.DoesNotContain("text message", await Text(browser, $"/practice/{group.Id}/settings/practice"), default);
        Assert.Contains(
            "Text messages are not set up on this system.",
            await Text(browser, $"/practice/{group.Id}/settings/credit"),
            StringComparison.Ordinal
        );
    }

    /// <summary>The first page of an employee: no red error before anything was typed.</summary>
    [Fact]
    public async Task The_welcome_email_leads_to_the_field_that_sets_the_password()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var (email, password) = (People.NewEmail(), People.NewPassword());
        (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", People.NewPassword()))
        ).Should(201);
        var link = (await app.Mail.WaitFor(email, "Welcome")).Link!;
        using var browser = new Browser(app);

        var page = await Text(browser, link);
        Assert.Contains("New password", page, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", page, StringComparison.Ordinal);
        var token = await browser.Token(link);
        var set = await browser.Post(link, token, ("_handler", "confirm"), ("chooses", "true"), ("password", password));

        Assert.Equal(HttpStatusCode.Redirect, set.StatusCode);
        (await app.Api.Post("/api/users/sign-in", new { email, password })).Should(200);
    }

    private static async Task<string> Text(Browser browser, string page) =>
        WebUtility.HtmlDecode(await (await browser.Get(page)).Content.ReadAsStringAsync());
}
