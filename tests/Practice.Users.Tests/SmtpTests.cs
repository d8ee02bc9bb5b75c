using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Practice.Users.Tests;

public sealed class SmtpHost : IAsyncLifetime
{
    public SmtpServer Server { get; } = new();

    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() =>
        App = await TestApp.StartAsync(
            new TestAppOptions
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Mail:Smtp:Host"] = "127.0.0.1",
                    ["Mail:Smtp:Port"] = $"{Server.Port}",
                    ["Mail:Smtp:Tls"] = "None",
                    ["Mail:Smtp:Timeout"] = "00:00:03",
                    ["Mail:From"] = "Practice <no-reply@practice.test>",
                },
            }
        );

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>Emails over SMTP, to a server that behaves like mail servers do.</summary>
public sealed class SmtpTests(SmtpHost host) : IClassFixture<SmtpHost>
{
    private static readonly TimeSpan LongEnoughToRetry = TimeSpan.FromMinutes(1);

    private readonly TestApp _app = host.App;
    private readonly SmtpServer _server = host.Server;

    [Fact]
    public async Task An_email_reaches_the_server_with_a_link_that_works()
    {
        var email = People.NewEmail();
        (await _app.SignUp(email)).Should(201);

        var (_, id, text) = await Arrives(email);

        Assert.EndsWith("@practice.test", id, StringComparison.Ordinal);
        (await _app.Confirm(TokenIn(text))).Should(204);
    }

    [Fact]
    public async Task An_email_that_the_server_defers_is_sent_again_as_the_same_email_and_either_link_works()
    {
        var email = People.NewEmail();
        _server.ToMail = (to, tried) => to == email && tried == 1 ? "451 later" : "250 taken";
        (await _app.SignUp(email)).Should(201);

        await Eventually.Is(() => Task.FromResult(Mails(email).Count == 2), LongEnoughToRetry);

        var mails = Mails(email);
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        Assert.NotEqual(TokenIn(mails[0].Text), TokenIn(mails[1].Text));
        (await _app.Confirm(TokenIn(mails[0].Text))).Should(204);
        (await _app.Confirm(TokenIn(mails[1].Text))).Should(410);
    }

    /// <summary>A mistyped address, for example. It must not look like a mail server that is away for all.</summary>
    [Fact]
    public async Task An_address_that_the_server_defers_is_counted_by_itself()
    {
        var (email, outcomes) = (People.NewEmail(), new ConcurrentBag<string>());
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "practice.emails")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>(
            (_, emails, tags, _) =>
            {
                if (emails > 0) // each host begins to count from zero
                    outcomes.Add((string)tags[0].Value!);
            }
        );
        meters.Start();
        _server.ToRecipient = (to, tried) => to == email && tried == 1 ? "450 no such domain for now" : "250 ok";
        (await _app.SignUp(email)).Should(201);

        await Arrives(email);

        Assert.Single(outcomes, "deferred");
        Assert.Contains(_app.Log.Lines, line => line.Contains("450 RecipientNotAccepted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_email_in_the_middle_of_which_the_connection_drops_arrives_once()
    {
        var email = People.NewEmail();
        _server.DropsInMail = (to, tried) => to == email && tried == 1;
        (await _app.SignUp(email)).Should(201);

        await Eventually.Is(() => Task.FromResult(Mails(email).Count > 0), LongEnoughToRetry);
        await _app.SettlesAsync();

        Assert.Equal(2, _server.AttemptsFor(email));
        (await _app.Confirm(TokenIn(Assert.Single(Mails(email)).Text))).Should(204);
    }

    [Fact]
    public async Task An_email_whose_end_the_server_took_before_the_connection_dropped_arrives_again_as_the_same_email()
    {
        var email = People.NewEmail();
        _server.ToMail = (to, tried) => to == email && tried == 1 ? null : "250 taken";
        (await _app.SignUp(email)).Should(201);

        await Eventually.Is(() => Task.FromResult(Mails(email).Count == 2), LongEnoughToRetry);
        await _app.SettlesAsync();

        Assert.Single(Mails(email).Select(mail => mail.MessageId).Distinct());
    }

    [Fact]
    public async Task An_email_that_the_server_rejects_goes_to_the_dead_letters()
    {
        var email = People.NewEmail();
        _server.ToRecipient = (to, _) => to == email ? "550 no such person" : "250 ok";
        (await _app.SignUp(email)).Should(201);

        await Eventually.Is(async () => await DeadLetters() == 1);

        Assert.Equal(1, _server.AttemptsFor(email));
        Assert.DoesNotContain(_app.Log.Lines, line => line.Contains(email, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_server_that_hangs_on_some_emails_does_not_delay_the_others()
    {
        string[] silent = [People.NewEmail(), People.NewEmail(), People.NewEmail()];
        _server.ToRecipient = (to, _) => silent.Contains(to) ? null : "250 ok";
        foreach (var email in silent)
            (await _app.SignUp(email)).Should(201);
        await Eventually.Is(() => Task.FromResult(silent.Any(email => _server.AttemptsFor(email) > 0)));

        var other = People.NewEmail();
        (await _app.SignUp(other)).Should(201);

        await Arrives(other);
        _server.ToRecipient = (_, _) => "250 ok";
        await Eventually.Is(() => Task.FromResult(silent.All(email => Mails(email).Count == 1)), LongEnoughToRetry);
    }

    private Task<long> DeadLetters() =>
        _app.Owner.Scalar<long>(
            "select count(*) from messaging.wolverine_dead_letters where message_type like '%DeliverMail%'"
        );

    private List<(string To, string MessageId, string Text)> Mails(string email) =>
        [.. _server.Arrived.Where(mail => mail.To == email)];

    private async Task<(string To, string MessageId, string Text)> Arrives(string email)
    {
        await Eventually.Is(() => Task.FromResult(Mails(email).Count > 0));
        return Mails(email)[0];
    }

    private static string TokenIn(string text) =>
        Uri.UnescapeDataString(text.Split("token=")[1].Split('\r', '\n', ' ')[0]);
}
