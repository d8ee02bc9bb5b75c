namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Nobody becomes a guardian unasked, and who asks learns nothing before the person accepts.</summary>
public sealed class GuardianshipTests
{
    private const string Born = "2019-05-01";

    [Fact]
    public async Task A_person_is_asked_first_and_is_shown_to_nobody_before_they_accept()
    {
        var app = await TestApp.StartedAsync();
        var (parent, other, stranger) = (await app.NewHolder(), await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Born);
        (await Ask(child, other.Email)).Should(202);

        var asked = await other.Person.IsAskedToBeGuardian();
        Assert.Equal(
            ("Robin Little", $"{parent.Person.FirstName} {parent.Person.LastName}", "parent"),
            (
                asked.GetProperty("dependant").GetString(),
                asked.GetProperty("askedBy").GetString(),
                asked.GetProperty("relationship").GetString()
            )
        );
        Assert.DoesNotContain(child.AccountId, (await other.Person.Accounts()).Keys);
        (await other.Api.Get(child.Path)).Should(404);
        Assert.Equal([parent.Person.Id], await GuardiansOf(child));
        var id = asked.GetProperty("id").GetGuid();
        (await stranger.Api.Post($"/api/portal/guardianships/{id}/accept")).Should(404);
        (await parent.Api.Post($"/api/portal/guardianships/{id}/accept")).Should(404);

        (await other.Api.Post($"/api/portal/guardianships/{id}/accept")).Should(204);
        (await other.Api.Post($"/api/portal/guardianships/{id}/accept")).Should(404);
        Assert.Equal("dependant edit clinical", (await other.Person.Accounts())[child.AccountId]);
        Assert.Equal([parent.Person.Id, other.Person.Id], await GuardiansOf(child));
        Assert.Empty(await other.Api.GetAll("/api/portal/guardianships"));
        await app.Mail.WaitFor(parent.Email, mail => mail.Subject.EndsWith("is now a guardian of Robin Little"));
    }

    [Fact]
    public async Task Declining_shows_no_more_than_not_answering()
    {
        await using var app = await TestApp.StartAsync();
        var (parent, other) = (await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Born);
        (await Ask(child, other.Email)).Should(202);
        var id = (await other.Person.IsAskedToBeGuardian()).GetProperty("id").GetGuid();
        var mails = app.Mail.To(parent.Email).Count;

        (await other.Api.Post($"/api/portal/guardianships/{id}/decline")).Should(204);

        await app.SettlesAsync();
        Assert.Empty(await other.Api.GetAll("/api/portal/guardianships"));
        (await other.Api.Post($"/api/portal/guardianships/{id}/accept")).Should(404);
        Assert.Equal(mails, app.Mail.To(parent.Email).Count);
        Assert.Equal([parent.Person.Id], await GuardiansOf(child));
        for (var more = 0; more < 8; more++)
            (await Ask(child, People.NewEmail())).Should(202);
        (await Ask(child, People.NewEmail())).Should(409, "portal.too_many_guardians"); // the declined one counts
    }

    [Fact]
    public async Task Asking_counts_against_who_asks_and_never_against_who_is_asked()
    {
        var app = await TestApp.StartedAsync();
        var (parent, asked) = (await app.NewHolder(), await app.NewHolder());
        List<Holder> children =
        [
            await parent.AddsDependant(Born),
            await parent.AddsDependant(Born),
            await parent.AddsDependant(Born),
        ];
        for (var asks = 0; asks < 20; asks++)
            (await Ask(children[asks / 8], asked.Email)).Should(202);
        (await Ask(children[2], asked.Email)).Should(429, "portal.too_many_requests");

        for (var added = 0; added < 20; added++)
            await asked.AddsDependant(Born);
        var id = (await asked.Person.IsAskedToBeGuardian()).GetProperty("id").GetGuid();
        (await asked.Api.Post($"/api/portal/guardianships/{id}/accept")).Should(409, "portal.too_many_dependants");
        (await asked.Api.Post($"/api/portal/guardianships/{id}/decline")).Should(204);
    }

    [Fact]
    public async Task A_guardian_leaves_and_what_they_see_and_asked_ends_but_the_last_one_stays()
    {
        var app = await TestApp.StartedAsync();
        var (parent, other, third) = (await app.NewHolder(), await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Born);
        (await Leave(parent, child)).Should(409, "portal.last_guardian");
        (await Leave(parent, parent)).Should(404);
        (await Leave(other, child)).Should(404);
        await child.AddsGuardian(other.Person);
        (await Ask(child.OpenedBy(other.Person), third.Email)).Should(202);
        var asked = (await third.Person.IsAskedToBeGuardian()).GetProperty("id").GetGuid();

        (await Leave(other, child)).Should(204);

        (await other.Api.Get(child.Path)).Should(403, "portal.grant_not_current");
        (await Leave(other, child)).Should(404);
        Assert.Equal([parent.Person.Id], await GuardiansOf(child));
        (await third.Api.Post($"/api/portal/guardianships/{asked}/accept")).Should(404);

        await child.AddsGuardian(other.Person); // asked again, they can come back
        Assert.Equal([parent.Person.Id, other.Person.Id], await GuardiansOf(child));
        (await other.Api.Get(child.Path)).Should(200);
    }

    [Fact]
    public async Task What_a_guardian_gave_ends_when_they_leave_and_what_others_gave_stays()
    {
        var app = await TestApp.StartedAsync();
        var (mother, father, aunt, uncle) = (
            await app.NewHolder(),
            await app.NewHolder(),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var child = await mother.AddsDependant(Born);
        await child.AddsGuardian(father.Person);
        var guarded = child.OpenedBy(father.Person);
        var unknown = People.NewEmail();
        await Gives(guarded, aunt.Email);
        await Gives(guarded, unknown);
        await Gives(child, uncle.Email);
        foreach (var given in new[] { aunt, uncle })
            await Eventually.Is(async () => (await given.Api.Get(child.Path)).Status == 200);
        var (ended, waiting) = (await child.Sees(aunt.Email), await child.Sees(unknown));
        await app.Mail.WaitFor(unknown, _ => true);

        (await Leave(father, child)).Should(204);

        (await aunt.Api.Get(child.Path)).Should(403, "portal.grant_not_current");
        (await uncle.Api.Get(child.Path)).Should(200);
        Assert.Equal("disabled", (await child.Sees(aunt.Email))["status"]);
        Assert.Equal("current", (await child.Sees(uncle.Email))["status"]);
        await Eventually.Is(async () =>
            (await aunt.Api.Get("/api/users/me/notifications")).Items.Any(item =>
                item.GetProperty("kind").GetString() == "portalRevoked"
            )
        );
        Assert.Equal(
            2,
            await app.Owner.Scalar<long>(
                """
                select count(*) from audit.entries
                where act = 'portal.access_decided' and subject_id = $1 and actor_id = $2
                    and details::jsonb ->> 'status' = 'disabled' and (details::jsonb ->> 'id')::uuid in ($3, $4)
                """,
                child.AccountId,
                father.Person.Id,
                ended.Id,
                waiting.Id
            )
        );

        // One that stayed current gives nothing either.
        await app.Owner.Execute("update portal.grants set status = 'Current' where id = $1", ended.Id);
        (await child.Api.Put($"{child.Path}/details", new { timeZone = "Europe/Rome" }, "*")).Should(204);
        (await aunt.Api.Get(child.Path)).Should(403, "portal.grant_not_current");

        // Who confirms the address now finds nothing, and another guardian may give it again.
        var late = await app.NewHolder(email: unknown);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<bool>(
                "select exists (select from portal.grants where id = $1 and user_id = $2)",
                waiting.Id,
                late.Person.Id
            )
        );
        Assert.DoesNotContain(child.AccountId, (await late.Person.Accounts()).Keys);
        (await child.Decides(ended.Id, "current")).Should(204);
        (await aunt.Api.Get(child.Path)).Should(200);

        static async Task Gives(Holder guardian, string email) =>
            (
                await guardian.Api.Post(
                    $"{guardian.Path}/access",
                    new
                    {
                        email,
                        role = "view",
                        level = "clinical",
                    }
                )
            ).Should(202);
    }

    [Fact]
    public async Task A_guardian_leaves_also_after_the_person_is_of_age()
    {
        await using var app = await TestApp.StartAsync();
        var parent = await app.NewHolder();
        var child = await parent.AddsDependant(
            DateOnly.FromDateTime(app.Clock.GetUtcNow().Date).AddYears(-18).AddDays(2).ToString("yyyy-MM-dd", null)
        );
        await app.PassesAsync(TimeSpan.FromDays(4));
        parent = await parent.SignsInAgain();
        (await parent.Api.Get(child.Path)).Should(403, "portal.grant_not_current");
        (await Leave(parent, child)).Should(204);
    }

    [Fact]
    public async Task Two_answers_at_once_make_one_guardian()
    {
        var app = await TestApp.StartedAsync();
        var (parent, other) = (await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Born);
        (await Ask(child, other.Email)).Should(202);
        var id = (await other.Person.IsAskedToBeGuardian()).GetProperty("id").GetGuid();
        var answers = await Task.WhenAll(
            other.Api.Post($"/api/portal/guardianships/{id}/accept"),
            other.Api.Post($"/api/portal/guardianships/{id}/accept"),
            other.Api.Post($"/api/portal/guardianships/{id}/decline")
        );
        Assert.Equal([204, 404, 404], answers.Select(answer => answer.Status).Order());
    }

    private static Task<Answer> Leave(Holder guardian, Holder child) =>
        guardian.Api.Post($"/api/portal/guardianships/{child.AccountId}/leave");

    private static Task<Answer> Ask(Holder child, string email) =>
        child.Api.Post($"{child.Path}/guardians", new { email, relationship = "parent" });

    private static async Task<List<Guid>> GuardiansOf(Holder child) =>
        [
            .. (await child.Api.Get($"{child.Path}/guardians"))
                .Should(200)
                .Items.Select(item => item.GetProperty("userId").GetGuid()),
        ];
}
