using System.Diagnostics;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>A queue that a fault of the database has paused, and what comes meanwhile.</summary>
public sealed class PausedQueueTests(ITestOutputHelper figures)
{
    [Fact]
    public async Task What_came_while_a_queue_was_paused_is_handled_soon_after_it_resumes()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute(
            """
            create function public.fail() returns trigger language plpgsql as
                $$ begin raise exception 'the database is starting up' using errcode = '57P03'; end $$;
            create trigger fail before insert on users.links for each row execute function public.fail();
            """
        );
        string[] emails = [People.NewEmail(), People.NewEmail()];
        await SignUpAsync(emails[0]);
        await Eventually.Is(() =>
            Task.FromResult(
                app.Log.Lines.Any(line =>
                    line.Contains("Pausing message listening", StringComparison.Ordinal)
                    && line.Contains("delivermail", StringComparison.Ordinal)
                )
            )
        );
        await SignUpAsync(emails[1]); // its message is committed, and nobody reads it
        await app.Owner.Execute("drop trigger fail on users.links");

        var waited = Stopwatch.StartNew();
        foreach (var email in emails)
            await app.Mail.WaitFor(email, mail => mail.Token is not null);
        figures.WriteLine($"sent {waited.Elapsed.TotalSeconds:0.0} s after the fault ended");
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));

        async Task SignUpAsync(string email) =>
            (
                await app.Api.Post(
                    "/api/users/sign-up",
                    new
                    {
                        firstName = "Ada",
                        lastName = "Moss",
                        email,
                        password = "ada has some words of her own",
                    }
                )
            ).Should(201);
    }
}
