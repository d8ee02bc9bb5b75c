using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Practice.Users.Passwords;

namespace Practice.Users.Tests;

/// <summary>A host that hashes at the product's cost, so that the time of hashing shows.</summary>
public sealed class CostlyHost : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public Person Person { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApp.StartAsync(
            new TestAppOptions
            {
                Services = services =>
                    services.PostConfigure<PasswordHasherOptions>(hashing =>
                        hashing.IterationCount = PasswordHashing.Iterations
                    ),
            }
        );
        Person = await App.SignUpAndConfirm();
    }

    public async Task DisposeAsync() => await App.DisposeAsync();
}

/// <summary>Neither status nor body nor timing reveals whether an email has an account.</summary>
[Collection(Alone.Collection)]
public sealed partial class EnumerationTests(CostlyHost host) : IClassFixture<CostlyHost>
{
    private const int Calls = 18;

    /// <summary>
    /// How often a call with an account takes longer than one without: half the time where the time tells
    /// nothing, and always or never where it does (the area under the ROC curve). With so many calls chance stays
    /// within 0.35 of a half in all but one run in 3,000.
    /// </summary>
    private const double MaxFromHalf = 0.35;

    private readonly TestApp _app = host.App;
    private readonly Person _person = host.Person;

    [Fact]
    public Task Signing_up_does_not_reveal_it() => Alike(email => _app.SignUp(email), _person.Email);

    [Fact]
    public Task Signing_in_does_not_reveal_it() =>
        Alike(email => _app.TrySignIn(email, "not the password"), _person.Email);

    [Fact]
    public async Task Signing_in_does_not_reveal_an_account_without_a_password()
    {
        var email = People.NewEmail();
        Assert.False(
            (
                await _app.InvokeAsSystem(
                    new Contracts.Users.AddAccount(
                        Guid.CreateVersion7(),
                        Guid.CreateVersion7(),
                        email,
                        null,
                        "Ada",
                        "Moss",
                        null,
                        1,
                        Guid.CreateVersion7()
                    )
                )
            ).IsError
        );
        await Alike(unknown => _app.TrySignIn(unknown, "not the password"), email);
    }

    [Fact]
    public Task Requesting_a_reset_does_not_reveal_it() =>
        Alike(email => _app.Api.Post("/api/users/forgot-password", new { email }), _person.Email);

    [Fact]
    public async Task Requesting_the_confirmation_again_does_not_reveal_it() =>
        await Alike(
            email => _app.Api.Post("/api/users/resend-confirmation", new { email }),
            (await _app.AddsPerson()).Email
        );

    [Fact]
    public async Task Changing_the_email_does_not_reveal_it()
    {
        var asker = await _app.SignUpAndConfirm();
        await Alike(email => asker.RequestsEmail(email), _person.Email);
    }

    private async Task Alike(Func<string, Task<Answer>> call, string known)
    {
        await call(People.NewEmail()); // what happens only the first time
        await call(known);
        var (with, without) = (new List<double>(), new List<double>());
        for (var number = 1; number <= Calls; number++)
        {
            await _app.Owner.Execute("delete from users.sign_in_counts");
            var unknown = People.NewEmail();
            // In turns, so that neither is always the first after a pause.
            var first = number % 2 == 0 ? await Timed(call, known, with) : await Timed(call, unknown, without);
            var second = number % 2 == 0 ? await Timed(call, unknown, without) : await Timed(call, known, with);
            Assert.Equal(
                (first.Status, Ids().Replace(first.Text, "")),
                (second.Status, Ids().Replace(second.Text, ""))
            );
        }

        var area = with.Average(slow =>
            without.Average(fast =>
                slow > fast ? 1.0
                : slow < fast ? 0.0
                : 0.5
            )
        );
        Assert.True(
            Math.Abs(area - 0.5) < MaxFromHalf,
            $"AUC {area:0.00}: {Median(with):0.0} ms with an account, {Median(without):0.0} ms without"
        );
    }

    private static async Task<Answer> Timed(Func<string, Task<Answer>> call, string email, List<double> times)
    {
        var watch = Stopwatch.StartNew();
        var answer = await call(email);
        times.Add(watch.Elapsed.TotalMilliseconds);
        return answer;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>What differs between any two calls.</summary>
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}|\"traceId\":\"[^\"]*\"")]
    private static partial Regex Ids();
}
