using Practice.Users.Domain;

namespace Practice.Users.Tests;

/// <summary>Two hosts on one database: what a host keeps in its own memory protects nothing.</summary>
public sealed class TwoHosts : IAsyncLifetime
{
    public TestApp Here { get; private set; } = null!;

    public TestApp There { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var settings = new Dictionary<string, string?> { ["Messaging:Mode"] = "Balanced" };
        Here = await TestApp.StartAsync(new TestAppOptions { Settings = settings });
        There = await TestApp.StartAsync(
            new TestAppOptions
            {
                ConnectionString = Here.ConnectionString,
                MailDirectory = Here.Mail.Path,
                Settings = settings,
            }
        );
    }

    public async Task DisposeAsync()
    {
        await There.DisposeAsync();
        await Here.DisposeAsync();
    }
}

/// <summary>What must happen once, tried at the same moment on two hosts, a hundred times each.</summary>
[Collection(Alone.Collection)]
public sealed class AtOnceTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private static readonly (int, string) Expired = (410, "users.link_expired");

    private readonly TestApp _here = hosts.Here;
    private readonly TestApp _there = hosts.There;

    [Fact]
    public Task A_sign_up_is_confirmed_once() => AtOnce.OneWins(204, Expired, async () =>
        {
            var token = await _here.IssueLink(
                LinkPurpose.ConfirmSignUp,
                (await _here.SignUp(People.NewEmail())).Should(201).Id
            );
            return Both(app => app.Confirm(token));
        });

    [Fact]
    public async Task A_refresh_token_is_used_once()
    {
        var person = await _here.SignUpAndConfirm();
        await AtOnce.OneWins(200, (401, "users.refresh_token_invalid"), async () =>
        {
            var token = (await _here.TrySignIn(person.Email, person.Password)).Should(200).RefreshToken();
            return Both(app => app.Refresh(token));
        });
    }

    [Fact]
    public async Task A_reset_link_is_used_once()
    {
        var person = await _here.SignUpAndConfirm();
        await AtOnce.OneWins(204, Expired, async () =>
        {
            var token = await _here.IssueLink(LinkPurpose.ResetPassword, person.Id);
            return Both(app =>
                app.Api.Post("/api/users/reset-password", new { token, password = People.NewPassword() })
            );
        });
    }

    [Fact]
    public async Task A_recovery_code_is_used_once()
    {
        var person = await _here.SignUpAndConfirm();
        await TwoFactorTests.Enable(person.Api, person.Password);
        await AtOnce.OneWins(200, (401, "users.invalid_credentials"), async () =>
        {
            var code = Guid.NewGuid().ToString("n")[..6].ToUpperInvariant(); // one group of a code
            await _here.Owner.Execute(
                """
                update users.account_tokens set value = encode(sha256(convert_to($1, 'UTF8')), 'hex')
                where user_id = $2 and name = 'RecoveryCodes'
                """,
                $"{person.Id:n}{code}",
                person.Id
            );
            return Both(app => app.TrySignIn(person.Email, person.Password, code));
        });
    }

    [Fact]
    public async Task If_two_people_change_to_one_email_one_of_them_gets_it()
    {
        var (one, other) = (await _here.SignUpAndConfirm(), await _here.SignUpAndConfirm());
        await AtOnce.OneWins(204, Expired, async () =>
        {
            var email = People.NewEmail();
            await Task.WhenAll(one.RequestsEmail(email), other.RequestsEmail(email));
            var round = Guid.NewGuid().ToString("n");
            Assert.Equal(
                2,
                await _here.Owner.Execute(
                    """
                    insert into users.links (token_hash, purpose, subject_id, created_at, expires_at)
                    select encode(sha256(convert_to($1 || account_id, 'UTF8')), 'hex'), 'ChangeEmail', id, now(),
                        now() + interval '1 hour'
                    from users.email_changes where normalized_email = $2
                    """,
                    round,
                    email.ToUpperInvariant()
                )
            );
            return
            [
                () => _here.ConfirmByPassword($"{round}{one.Id}", one.Password),
                () => _there.ConfirmByPassword($"{round}{other.Id}", other.Password),
            ];
        });
    }

    private Func<Task<Answer>>[] Both(Func<TestApp, Task<Answer>> call) => [() => call(_here), () => call(_there)];
}
