namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// Ways in which a requester could learn, before the first approval, whether there is an account, whose it is, or what
/// its holder decided.
/// </summary>
public sealed class HiddenFromRequesterTests
{
    [Fact]
    public async Task Two_addresses_of_one_account_look_like_two_accounts()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        await holder.Sees(other.Email);
        var moved = await holder.ChangesEmail();
        await other.Asks(moved.Email);
        await app.SettlesAsync();
        Assert.Equal(
            ["pending", "pending"],
            (await other.Asked()).Select(item => item.GetProperty("status").GetString())
        );
        var seen = Assert.Single(await moved.Api.GetAll($"{holder.Path}/access"));

        (await moved.Decides(seen.GetProperty("grantId").GetGuid(), "current")).Should(204);
        Assert.Equal("current", Assert.Single(await other.Asked()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Repeated_requests_and_withdrawals_end_the_same_whether_or_not_there_is_an_account(bool known)
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        var email = known ? holder.Email : People.NewEmail();
        for (var request = 0; request < 20; request++)
        {
            await other.Asks(email);
            await app.SettlesAsync();
            (
                await other.Api.Delete(
                    $"/api/portal/access/{(await other.Asked()).Single().GetProperty("grantId").GetGuid()}"
                )
            ).Should(204);
        }

        (await other.Api.Post("/api/portal/access-requests", new { email, role = "view" })).Should(
            429,
            "portal.too_many_requests"
        );
        Assert.Empty(await holder.Api.GetAll($"{holder.Path}/access"));
    }

    [Fact]
    public async Task Withdrawing_a_request_works_the_same_at_the_moment_it_finds_its_account()
    {
        var app = await TestApp.StartedAsync();
        var holder = await app.NewHolder();
        for (var asker = 0; asker < 4; asker++)
        {
            var other = await app.NewHolder();
            for (var round = 0; round < 19; round++)
            {
                await other.Asks(holder.Email);
                (
                    await other.Api.Delete(
                        $"/api/portal/access/{(await other.Asked()).Single().GetProperty("grantId").GetGuid()}"
                    )
                ).Should(204);
                Assert.Empty(await other.Asked());
            }
        }
    }

    [Fact]
    public async Task A_denied_person_is_not_notified()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        (await holder.Decides((await holder.Sees(other.Email)).Id, "disabled")).Should(204);
        await app.SettlesAsync();
        Assert.DoesNotContain((await other.Api.Get("/api/users/me/notifications")).Items, item =>
            item.GetProperty("kind").GetString()!.StartsWith("portal", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(app.Mail.To(other.Email), mail =>
            mail.Text.Contains(holder.Person.LastName, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_requested_account_answers_like_a_missing_one()
    {
        var app = await TestApp.StartedAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        var grant = (await holder.Sees(other.Email)).Id;
        string[] paths =
        [
            "",
            "/access",
            $"/access/{grant}",
            "/access-log",
            "/guardians",
            "/appointments",
            "/invoices",
            "/clinical-records",
            "/health-notes",
            "/appointment-requests",
        ];
        foreach (var path in paths)
            Assert.Equal(
                await ErrorOf(holder.Path + path),
                await ErrorOf($"/api/portal/accounts/{Guid.CreateVersion7()}{path}")
            );

        async Task<string> ErrorOf(string path)
        {
            var answer = (await other.Api.Get(path)).Should(404);
            return $"{answer.Code} {answer["detail"].GetString()} {answer.ETag}";
        }
    }

    [Fact]
    public async Task Requests_and_decisions_follow_people_who_change_their_address()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        var grant = (await holder.Sees(other.Email)).Id;
        (holder, other) = (await holder.ChangesEmail(), await other.ChangesEmail());
        await app.SettlesAsync();
        Assert.Equal(grant, (await holder.Sees(other.Email)).Id);
        (await holder.Decides(grant, "current")).Should(204);
        (await other.Api.Get(holder.Path)).Should(200);
    }

    [Fact]
    public async Task Access_given_to_an_address_goes_to_the_person_who_confirms_it_first()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        var email = People.NewEmail();
        await Task.WhenAll(Give(email), Give(email.ToUpperInvariant()));
        Assert.Single(await holder.Api.GetAll($"{holder.Path}/access"));
        await app.SettlesAsync();
        (await other.Api.Get(holder.Path)).Should(404);
        other = await other.ChangesEmail(email);
        await Eventually.Is(async () => (await other.Api.Get(holder.Path)).Status == 200);
        await app.SettlesAsync();
        Assert.Single(await holder.Api.GetAll($"{holder.Path}/access"));

        async Task Give(string to) =>
            (
                await holder.Api.Post(
                    $"{holder.Path}/access",
                    new
                    {
                        email = to,
                        role = "view",
                        level = "clinical",
                    }
                )
            ).Should(202);
    }
}
