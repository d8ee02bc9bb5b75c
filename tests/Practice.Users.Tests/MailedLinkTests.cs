using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Practice.Contracts.Groups;
using Practice.Contracts.PatientPortal;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.Tests;

/// <summary>What mail servers, mail programs and scanners do to emails and their links.</summary>
[Collection(OwnHost.Collection)]
public sealed class MailedLinkTests(OwnHost host)
{
    private readonly TestApp _app = host.App;

    public static IEnumerable<object[]> Categories =>
        Enum.GetValues<EmailCategory>().Select(category => new object[] { category });

    [Fact]
    public async Task An_email_is_in_7_bits_with_CRLF_and_reads_as_it_was_written()
    {
        var person = await _app.SignUpAndConfirm();
        await _app.Publishes(
            new UserInvited(
                Guid.CreateVersion7(),
                "Zahnärzte am Fluß",
                Guid.CreateVersion7(),
                person.Id,
                "Šárka Žižková",
                DateTimeOffset.UtcNow.AddDays(700)
            )
        );
        var mail = await _app.Mail.WaitFor(person.Email, "Zahnärzte am Fluß");

        var bytes = await File.ReadAllBytesAsync(mail.File);
        Assert.DoesNotContain(bytes, octet => octet >= 0x80);
        var lines = Encoding.ASCII.GetString(bytes).Split("\r\n");
        Assert.All(lines, line => Assert.DoesNotContain(line, character => character is '\r' or '\n'));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal("", lines[^1]);
        Assert.Contains("Šárka Žižková invites you to join Zahnärzte am Fluß.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://practice.test/notifications", mail.Text, StringComparison.Ordinal);
    }

    /// <summary>A scanner opens the link first, then the person does, with what the mail program took along.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(">")]
    [InlineData(")")]
    [InlineData("%3E.")]
    [InlineData("%20")]
    [InlineData("%E2%80%9D,")]
    public async Task A_link_survives_scanners_and_what_a_mail_program_takes_along(string mangled)
    {
        var (email, password) = (People.NewEmail(), People.NewPassword());
        (await _app.SignUp(email, password)).Should(201);
        using var browser = new Browser(_app);
        await Follows("Confirm", "confirm", ("chooses", "true"), ("password", password));

        (await _app.Api.Post("/api/users/forgot-password", new { email })).Should(202);
        password = People.NewPassword();
        await Follows("new password", "reset", ("password", password));

        var newEmail = People.NewEmail();
        var person = await _app.SignIn(email, password);
        (await person.Post("/api/users/me/email", new { newEmail, password })).Should(202);
        email = newEmail;
        await Follows("", "confirm", ("currentPassword", password));
        (await _app.TrySignIn(email, password)).Should(200);

        async Task Follows(string subject, string form, params (string, string)[] fields)
        {
            var mail = await _app.Mail.WaitFor(email, subject);
            using var message = await MimeMessage.LoadAsync(mail.File);
            Assert.Contains($"https://practice.test{mail.Link}", message.TextBody, StringComparison.Ordinal);
            var link = mail.Link + mangled;
            using (var scanner = new Browser(_app))
            {
                Assert.Equal(HttpStatusCode.OK, (await scanner.Head(link)).StatusCode);
                Assert.Equal(HttpStatusCode.OK, (await scanner.Get(link)).StatusCode);
            }

            var answer = await browser.Post(link, await browser.Token(link), [("_handler", form), .. fields]);
            Assert.True(
                answer.StatusCode == HttpStatusCode.Redirect,
                $"{link}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
            );
        }
    }

    [Theory, MemberData(nameof(Categories))]
    public async Task One_click_in_a_mail_program_stops_the_category_and_nothing_else(EmailCategory category)
    {
        var person = await _app.SignUpAndConfirm();
        await Sends(category, person);
        var link = await OneClickOf(Assert.Single(MailsOf(person)));
        using var program = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

        // A scanner, a person who looks, and a program that posts something else stop nothing.
        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get })
        {
            using var looks = await program.SendAsync(new HttpRequestMessage(method, link));
            Assert.Equal(HttpStatusCode.Redirect, looks.StatusCode);
            using var page = await program.SendAsync(
                new HttpRequestMessage(method, new Uri(link, looks.Headers.Location!))
            );
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await Posts(link, "List-Unsubscribe", "Two-Clicks")).StatusCode);
        Assert.Empty(await Stopped(person));

        for (var time = 1; time <= 2; time++)
        {
            using var answer = await Posts(new Uri($"{link}."), "List-Unsubscribe", "One-Click");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Empty(Browser.SetCookies(answer));
        }

        var name = char.ToLowerInvariant(category.ToString()[0]) + category.ToString()[1..];
        Assert.Equal([name], await Stopped(person));
        Assert.Equal(1, await _app.Audited(person.Id, "users.unsubscribed"));
        await Sends(category, person);
        Assert.Single(MailsOf(person));

        async Task<HttpResponseMessage> Posts(Uri to, string field, string value) =>
            await program.PostAsync(to, new FormUrlEncodedContent([new(field, value)]));
    }

    [Fact]
    public async Task A_link_stops_no_other_category_and_nothing_once_the_address_is_another()
    {
        var person = await _app.SignUpAndConfirm();
        await Sends(EmailCategory.Portal, person);
        var link = await OneClickOf(Assert.Single(MailsOf(person)));
        var token = System.Web.HttpUtility.ParseQueryString(link.Query)["token"];

        (await Unsubscribes("newSignIns")).Should(422, "users.link_invalid");
        (await Unsubscribes(null)).Should(422, "users.link_invalid"); // links of earlier releases are for onboarding
        (await _app.Api.Post("/api/users/unsubscribe", new { token, category = "everything" })).ShouldReject(
            "category"
        );

        var email = People.NewEmail();
        (await person.RequestsEmail(email)).Should(202);
        (await person.ConfirmsEmail((await _app.Mail.WaitFor(email)).Token)).Should(204);
        (await Unsubscribes("portal")).Should(410, "users.link_expired");
        Assert.Empty(await Stopped(person));

        Task<Answer> Unsubscribes(string? category) => _app.Api.Post("/api/users/unsubscribe", new { token, category });
    }

    [Fact]
    public async Task The_page_asks_before_it_stops_what_it_names()
    {
        var person = await _app.SignUpAndConfirm();
        await Sends(EmailCategory.Memberships, person);
        var link = await OneClickOf(Assert.Single(MailsOf(person)));
        var page = $"/unsubscribe{link.Query}";
        using var browser = new Browser(_app);

        Assert.Contains(
            "Unsubscribe from membership emails?",
            await (await browser.Get(page)).Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Empty(await Stopped(person));
        var done = await browser.Post(page, await browser.Token(page), ("_handler", "unsubscribe"));
        Assert.EndsWith(
            "/unsubscribe?done&category=Memberships",
            done.Headers.Location?.OriginalString,
            StringComparison.Ordinal
        );
        Assert.Equal(["memberships"], await Stopped(person));
    }

    private async Task Sends(EmailCategory category, Person person)
    {
        var kind = category switch
        {
            EmailCategory.Onboarding => EmailKind.OnboardingDay7,
            EmailCategory.Invitations => EmailKind.Invitation,
            EmailCategory.Memberships => EmailKind.WelcomeMember,
            EmailCategory.Portal => EmailKind.ClinicalAccessEnding,
            EmailCategory.NewSignIns => EmailKind.NewSignIn,
            EmailCategory.Reminders => EmailKind.AppointmentReminder,
            _ => throw new ArgumentOutOfRangeException(nameof(category), category, null),
        };
        var portal = new PortalEmailDetails("Kim", PortalRole.Edit, PortalLevel.Clinical, new DateOnly(2028, 3, 1), 14);
        await using var scope = _app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<IMessageBus>()
            .PublishAsync(
                new DeliverEmail(
                    Guid.CreateVersion7(),
                    kind,
                    person.Email,
                    person.Id,
                    "Harbour Clinic",
                    "Ida",
                    Portal: portal,
                    SignIn: new SignInEmailDetails("Firefox on Linux", "192.0.2.1", DateTimeOffset.UtcNow),
                    Patient: "Tia",
                    Appointment: new(
                        new(
                            Guid.Empty,
                            0,
                            _app.Clock.GetUtcNow().AddDays(1), // what is over is not reminded of
                            null,
                            "UTC",
                            "Dr Vale",
                            "Harbour",
                            DateTimeOffset.UtcNow
                        ),
                        InPortal: true
                    )
                )
            );
        await _app.SettlesAsync();
    }

    private IEnumerable<TestKit.Mail> MailsOf(Person person) =>
        _app.Mail.To(person.Email).Where(mail => !mail.Subject.StartsWith("Confirm", StringComparison.Ordinal));

    private async Task<Uri> OneClickOf(TestKit.Mail mail)
    {
        using var message = await MimeMessage.LoadAsync(mail.File);
        Assert.Equal("List-Unsubscribe=One-Click", message.Headers[HeaderId.ListUnsubscribePost]);
        var header = message.Headers[HeaderId.ListUnsubscribe] ?? "";
        Assert.Matches(@"^<https://practice\.test/unsubscribe/one-click\?category=\w+&token=[\w-]+>$", header);
        return new Uri(_app.Url, new Uri(header[1..^1]).PathAndQuery);
    }

    /// <summary>The categories that the person no longer gets.</summary>
    private static async Task<IEnumerable<string>> Stopped(Person person) =>
        (await person.Api.Get("/api/users/me/mail-preferences"))
            .Should(200)
            .Json.EnumerateObject()
            .Where(category => !category.Value.GetBoolean())
            .Select(category => category.Name);
}
