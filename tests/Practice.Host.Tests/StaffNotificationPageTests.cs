using System.Net;

namespace Practice.Host.Tests;

/// <summary>What staff are told of, in the menu and on the page of notifications, without script.</summary>
public sealed class StaffNotificationPageTests
{
    [Fact]
    public async Task The_menu_counts_open_requests_and_notifications_lead_to_what_they_are_about()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var invited = await app.SignUpAndConfirm();
        var invitation = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "reception")))
            .Should(201)["invitationId"]
            .GetGuid();
        const string born = "1985-04-12";
        var person = await app.SignUpAndConfirm();
        var account = (await person.Api.Post("/api/portal/accounts", new { dateOfBirth = born })).Should(201).Id;
        var patient = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = person.FirstName,
                    lastName = "Moss",
                    email = person.Email,
                    dateOfBirth = born,
                }
            )
        ).Should(201).Id;
        (await group.Owner.Api.Post($"{group.Path}/patients/{patient}/invite", new { })).Should(202);
        var token = (await app.Mail.WaitFor(person.Email, "patient portal")).Token;
        (await person.Api.Post("/api/portal/claims", new { token })).Should(204);
        (await group.Owner.Api.Post("/api/users/me/notifications/read-all")).Should(204); // the welcome
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        Assert.DoesNotContain("open</span>", await Text($"/practice/{group.Id}"), StringComparison.Ordinal);

        var request = (
            await person.Api.Post(
                $"/api/portal/accounts/{account}/appointments",
                new { groupId = group.Id, startsAt = DateTimeOffset.UtcNow.AddDays(3) }
            )
        )
            .Should(201)
            .Id;
        (await person.Api.Put($"/api/portal/accounts/{account}/details", new { phone = "0491 570 006" }, "*")).Should(
            204
        );
        (await invited.Api.Post($"/api/invitations/{invitation}/reject")).Should(204);
        await Eventually.Is(async () =>
            (await group.Owner.Api.Get("/api/users/me/notifications/unread-count"))["count"].GetInt32() == 3
        );

        var menu = await Text($"/practice/{group.Id}");
        Assert.Matches("""Requests\s*<span class="visually-hidden">, 1 open</span>""", menu);
        Assert.Contains("aria-label=\"Notifications, 3 unread\"", menu, StringComparison.Ordinal);
        var page = await Text("/notifications");
        Assert.DoesNotContain("Moss", page, StringComparison.Ordinal);
        await Leads("Open requests", $"/practice/{group.Id}/requests");
        await Leads("Open patient", $"/practice/{group.Id}/patients/{patient}/details");
        await Leads("Open invitations", $"/practice/{group.Id}/settings/users/invitations");

        (await group.Owner.Api.Post($"{group.Path}/requests/{request}/decline")).Should(204);
        Assert.DoesNotContain(", 1 open", await Text($"/practice/{group.Id}"), StringComparison.Ordinal);
        await Eventually.Is(async () =>
            (await Text("/notifications")).Contains("All requests", StringComparison.Ordinal)
        );

        async Task<string> Text(string path) =>
            WebUtility.HtmlDecode(await (await browser.Get(path)).Content.ReadAsStringAsync());

        async Task Leads(string button, string to)
        {
            var notification = (await group.Owner.Api.Get("/api/users/me/notifications")).Items.Single(item =>
                page.Contains($"{button}: {item.GetProperty("title").GetString()}", StringComparison.Ordinal)
            );
            var opened = await browser.Post(
                "/notifications",
                await browser.Token("/notifications"),
                ("_handler", $"open-{notification.GetProperty("id").GetString()}")
            );
            Assert.EndsWith(to, opened.Headers.Location!.ToString(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await browser.Get(to)).StatusCode);
        }
    }
}
