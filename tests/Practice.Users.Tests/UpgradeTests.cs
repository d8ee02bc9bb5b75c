using System.Text;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Practice.Users.Tests;

/// <summary>
/// Messages that an earlier version stored under its own type names, and that waited through the upgrade. The texts are
/// what that version wrote.
/// </summary>
[Collection(OwnHost.Collection)]
public sealed class UpgradeTests(OwnHost host)
{
    private readonly TestApp _app = host.App;

    [Fact]
    public async Task An_email_that_waited_is_sent_with_all_it_says()
    {
        var (id, email) = (Guid.CreateVersion7(), People.NewEmail());

        await Waits(
            "Practice.Users.Mail.DeliverMail",
            $$$"""
            {"mailId":"{{{id}}}","letter":18,"to":"{{{email}}}","subjectId":"{{{Guid.NewGuid()}}}","practice":null,
            "from":null,"groupId":null,"portal":{"account":"Robin Reed","role":"edit","level":"clinical","on":null,"days":null}}
            """
        );

        var mail = Assert.Single(_app.Mail.To(email));
        Assert.Equal("You have access to the patient portal of Robin Reed", mail.Subject);
        Assert.Contains("the patient portal of Robin Reed: view and edit.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("You see appointments, invoices and clinical records.", mail.Text, StringComparison.Ordinal);
        Assert.Equal($"{id}.eml", Path.GetFileName(mail.File));
    }

    [Fact]
    public async Task A_notice_about_guardianship_that_waited_is_sent_with_its_date()
    {
        var email = People.NewEmail();

        await Waits(
            "Practice.Users.Mail.DeliverMail",
            $$$"""
            {"mailId":"{{{Guid.NewGuid()}}}","letter":23,"to":"{{{email}}}","subjectId":"{{{Guid.NewGuid()}}}",
            "practice":null,"from":null,"groupId":null,
            "portal":{"account":"Kim Reed","role":null,"level":null,"on":"2028-03-01","days":60}}
            """
        );

        var mail = Assert.Single(_app.Mail.To(email));
        Assert.Equal("Your guardianship of Kim Reed ends on 1 March 2028", mail.Subject);
        Assert.Contains("In 60 days", mail.Text, StringComparison.Ordinal);
    }

    /// <summary>The codes in the texts were strings then, and are enums now.</summary>
    [Fact]
    public async Task Events_that_waited_are_understood()
    {
        var (person, waiting) = (await _app.SignUpAndConfirm(), People.NewEmail());
        var (account, grant, invitation) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());

        await Waits(
            "Practice.Contracts.PatientPortal.PortalAccessRequested",
            $$"""
            {"accountId":"{{account}}","grantId":"{{grant}}","holderId":"{{person.Id}}","accountName":"Robin Reed",
            "requesterName":"Ida Moss","requesterEmail":"ida@moss.test","role":"view"}
            """
        );
        await Waits(
            "Practice.Contracts.PatientPortal.PortalAccessGranted",
            $$"""
            {"accountId":"{{account}}","grantId":"{{grant}}","userId":"{{person.Id}}","accountName":"Robin Reed",
            "role":"edit","level":"clinical"}
            """
        );
        await Waits(
            "Practice.Contracts.PatientPortal.GuardianshipEnding",
            $$"""
            {"accountId":"{{account}}","userId":"{{person.Id}}","dependantName":"Kim Reed","what":"clinicalSuspended",
            "on":"2028-03-01","days":60}
            """
        );
        await Waits(
            "Practice.Contracts.PatientPortal.PortalAccessOffered",
            $$"""{"accountId":"{{account}}","grantId":"{{grant}}","email":"{{waiting}}","accountName":"Robin Reed"}"""
        );
        await Waits(
            "Practice.Contracts.Groups.InvitationClosed",
            $$"""
            {"groupId":"{{Guid.CreateVersion7()}}","invitationId":"{{invitation}}","userId":"{{person.Id}}",
            "status":"withdrawn"}
            """,
            handler: "Practice.Users.EventHandlers.CloseNotificationOnInvitationClosedHandler" // by the migration
        );

        var shown = (await person.Api.Get("/api/users/me/notifications")).Items;
        Assert.Equal(
            ["guardianshipEnding", "invitation", "portalGranted", "portalRequest"],
            shown.Select(item => item.GetProperty("kind").GetString()!).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            "withdrawn",
            shown
                .Single(item => item.GetProperty("kind").GetString() == "invitation")
                .GetProperty("data")
                .GetProperty("status")
                .GetString()
        );
        await _app.Mail.WaitFor(person.Email, "Your access to the clinical records of Kim Reed ends");
        await _app.Mail.WaitFor(waiting, "The patient portal of Robin Reed is shared with you");
    }

    [Fact]
    public async Task An_onboarding_step_that_waited_goes_out()
    {
        var person = await _app.SignUpAndConfirm();
        await _app.Owner.Execute(
            """
            insert into users.onboarding (account_id, joined_group_id, practice, joined_at, steps_done)
            values ($1, $2, 'Harbour Clinic', $3, 0)
            """,
            person.Id,
            Guid.CreateVersion7(),
            _app.Clock.GetUtcNow().AddDays(-1.1)
        );

        await Waits(
            "Practice.Users.Reactions.SendOnboarding",
            $$"""{"accountId":"{{person.Id}}","stepsDone":0}""",
            status: "Scheduled"
        );

        await _app.Mail.WaitFor(person.Email, "Your first days at Harbour Clinic");
    }

    [Fact]
    public async Task A_request_for_a_link_that_waited_is_answered()
    {
        var (person, email) = (await _app.SignUpAndConfirm(), People.NewEmail());
        (await _app.SignUp(email)).Should(201);
        var first = (await _app.Mail.WaitFor(email)).Token;

        await Waits("Practice.Users.Features.ForgotPassword", $$"""{"email":"{{person.Email}}"}""");
        await Waits("Practice.Users.Features.ResendConfirmation", $$"""{"email":"{{email}}"}""");

        await _app.Mail.WaitFor(person.Email, "new password");
        await _app.Mail.WaitFor(email, mail => mail.Token != first);
    }

    /// <summary>Stores the message as one that no host has taken on, and waits until it has been handled.</summary>
    private async Task Waits(string type, string json, string status = "Incoming", string? handler = null)
    {
        var queue = new Uri($"local://{(handler ?? type).ToLowerInvariant()}/");
        var envelope = new Envelope
        {
            Id = Guid.CreateVersion7(),
            MessageType = type,
            ContentType = "application/json",
            Data = Encoding.UTF8.GetBytes(json),
            Destination = queue,
        };
        await _app.Owner.Execute(
            """
            insert into messaging.wolverine_incoming_envelopes
                (id, status, owner_id, execution_time, attempts, body, message_type, received_at)
            values ($1, $2, 0, now() - interval '1 minute', 0, $3, $4, $5)
            """,
            envelope.Id,
            status,
            EnvelopeSerializer.Serialize(envelope),
            type,
            queue.ToString()
        );
        await Eventually.Is(async () =>
            await _app.Owner.Scalar<long>(
                "select count(*) from messaging.wolverine_incoming_envelopes where id = $1 and status = 'Handled'",
                envelope.Id
            ) == 1
        );
        await _app.SettlesAsync();
    }
}
