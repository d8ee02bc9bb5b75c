using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Practice.Authorization;
using Practice.Shared.Persistence;
using Practice.Users.Data;

namespace Practice.Users.Tests;

public sealed class ExpiredDataCleanupTests
{
    [Fact]
    public async Task Expired_rows_are_deleted_and_the_others_are_kept()
    {
        await using var app = await TestApp.StartAsync();
        var (old, recent) = (await app.SignUpAndConfirm(), People.NewEmail());
        await app.TrySignIn(People.NewEmail(), "not the password");
        var abandoned = People.NewEmail();
        (await app.SignUp(abandoned)).Should(201);
        await app.Mail.WaitFor(abandoned);
        (await app.Api.Post("/api/users/sign-in/passkey/options")).Should(200);
        await BeginsAtProvider(app, "old");
        await UsesCode(app, old, "111111");
        await app.Owner.Execute(
            "insert into users.sign_in_attempts (email_hash, failures, last_at) values ('', 1, now())"
        );
        await IsNotified(app, old, app.Clock.GetUtcNow().AddDays(-300));
        await IsNotified(app, old, app.Clock.GetUtcNow());
        app.Clock.Advance(TimeSpan.FromDays(91));
        await BeginsAtProvider(app, "recent");
        await UsesCode(app, old, "222222");
        (await app.Api.Post("/api/users/sign-in/passkey/options")).Should(200);
        (await app.SignUp(recent)).Should(201);
        await app.Mail.WaitFor(recent);
        await app.TrySignIn(recent, "not the password");

        await app.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);

        Assert.Equal(2, await app.Count("sign_in_counts", "true")); // from here, and from everywhere
        Assert.Equal(1, await app.Count("asked_mails", "true"));
        Assert.Equal(1, await app.Count("pending_sign_ups", "true"));
        Assert.Equal(1, await app.Count("links", "true"));
        Assert.Equal(1, await app.Count("passkey_attempts", "true"));
        Assert.Equal(1, await app.Count("provider_attempts", "true"));
        Assert.Equal(0, await app.Count("sign_in_attempts", "true")); // of release 0.1, which no host reads
        Assert.Equal(0, await app.Count("used_codes", "code = '111111'"));
        Assert.Equal(1, await app.Count("used_codes", "code = '222222'"));
        Assert.Equal(0, await app.Count("sessions", "account_id = $1", old.Id));
        Assert.Equal(0, await app.Count("refresh_tokens", "true"));
        Assert.Equal(1, await app.Count("notifications", "account_id = $1", old.Id)); // the other is too old
    }

    [Fact]
    public async Task All_expired_tokens_of_a_session_that_goes_on_are_deleted_though_in_portions()
    {
        await using var app = await TestApp.StartAsync();
        await app.SignUpAndConfirm();
        await app.Owner.Execute(
            """
            insert into users.refresh_tokens (token_hash, session_id, expires_at)
            select 'old ' || number, (select id from users.sessions), now() - interval '1 day'
            from generate_series(1, 10050) number
            """
        );
        await app.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);

        Assert.Equal(1, await app.Count("refresh_tokens", "true"));
    }

    [Fact]
    public async Task What_cannot_be_deleted_is_named_and_keeps_nothing_else()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute(
            """
            do $$ begin execute format('revoke delete on users.links from %I', (
                select grantee from information_schema.role_table_grants
                where (table_schema, table_name, privilege_type) = ('users', 'links', 'DELETE')
                    and grantee like '%users')); end $$
            """
        );
        (await app.Api.Post("/api/users/sign-in/passkey/options")).Should(200);
        app.Clock.Advance(TimeSpan.FromDays(91));

        await app.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);

        Assert.Equal(0, await app.Count("passkey_attempts", "true"));
        Assert.Contains(app.Log.Lines, line => line.Contains("expired links;", StringComparison.Ordinal));
    }

    private static Task<int> IsNotified(TestApp app, Person person, DateTimeOffset at) =>
        app.Owner.Execute(
            """
            insert into users.notifications (id, account_id, source, kind, title, body, data, created_at)
            values ($1, $2, $1::text, 'Joined', 'Joined', '', '{}', $3)
            """,
            Guid.CreateVersion7(at),
            person.Id,
            at
        );

    private static Task<int> UsesCode(TestApp app, Person person, string code) =>
        app.Owner.Execute(
            "insert into users.used_codes (account_id, code, used_at) values ($1, $2, $3)",
            person.Id,
            code,
            app.Clock.GetUtcNow()
        );

    private static Task<int> BeginsAtProvider(TestApp app, string token) =>
        app.Owner.Execute(
            "insert into users.provider_attempts (token_hash, provider, expires_at) values ($1, 'contoso', $2)",
            token,
            app.Clock.GetUtcNow().AddMinutes(10)
        );

    /// <summary>An exception that leaves a background service stops the host.</summary>
    [Fact]
    public async Task A_database_that_is_away_stops_the_cleanup_until_the_next_time_and_not_the_host()
    {
        var log = new TestLog();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddHttpContextAccessor();
        services.AddSingleton<TimeProvider>(new HastyClock());
        services.AddScoped<CallContext>();
        services.AddDbContext<UsersDbContext>(options =>
            options.UseNpgsql("Host=127.0.0.1;Port=1;Database=none;Username=none").UseSnakeCaseNamingConvention()
        );
        services.AddSingleton(new PracticeDatabase("Host=127.0.0.1;Port=1;Database=none;Username=none"));
        services.AddSingleton<EncryptionKeys>();
        services.AddSingleton<ExpiredDataCleanup>();
        await using var provider = services.BuildServiceProvider();
        var cleanup = provider.GetRequiredService<ExpiredDataCleanup>();

        await cleanup.StartAsync(CancellationToken.None);
        await Eventually.Is(() =>
            Task.FromResult(
                cleanup.ExecuteTask!.IsCompleted
                    || log.Lines.Count(line => line.Contains("Could not encrypt", StringComparison.Ordinal)) >= 2
            )
        );
        Assert.False(cleanup.ExecuteTask!.IsCompleted);
        await cleanup.StopAsync(CancellationToken.None);
    }

    /// <summary>What is due in an hour is due at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Moment, Moment);
    }
}
