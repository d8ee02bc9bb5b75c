using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using MimeKit;
using Practice.Shared.Http;
using Practice.Users.Email;

namespace Practice.Users.Tests;

public sealed class MailerTests
{
    [Fact]
    public async Task An_email_that_was_sent_does_not_stay_in_memory()
    {
        var sender = new Sender();
        var mailer = new Mailer(
            new EmailTemplates(EmailTemplates.All),
            new EmailHtml(),
            sender,
            Options.Create(new EmailOptions()),
            Options.Create(new PublicUrlOptions())
        );

        await SendAsync(mailer);
        GC.Collect();

        Assert.False(sender.Sent!.IsAlive);
        GC.KeepAlive(mailer);
    }

    /// <summary>Apart, so that nothing here keeps it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task SendAsync(Mailer mailer)
    {
        var email = new DeliverEmail(Guid.NewGuid(), EmailKind.ConfirmSignUp, "ida@moss.test", Guid.Empty);
        await mailer.SendAsync(email, new IssuedLink("t0ken", "a sign-up"), null, CancellationToken.None);
    }

    private sealed class Sender : IEmailSender
    {
        public WeakReference? Sent { get; private set; }

        public Task SendAsync(MimeMessage email, Guid mailId, CancellationToken ct)
        {
            Sent = new WeakReference(email);
            return Task.CompletedTask;
        }

        public Task<string> CheckAsync(CancellationToken ct) => Task.FromResult("");
    }
}
