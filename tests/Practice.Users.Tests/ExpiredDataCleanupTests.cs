using Microsoft.Extensions.DependencyInjection;
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
        app.Clock.Advance(TimeSpan.FromDays(61));
        (await app.SignUp(recent)).Should(201);
        await app.Mail.WaitFor(recent);
        await app.TrySignIn(recent, "not the password");

        await app.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);

        Assert.Equal(1, await app.Count("sign_in_attempts", "true"));
        Assert.Equal(1, await app.Count("asked_mails", "true"));
        Assert.Equal(1, await app.Count("links", "true"));
        Assert.Equal(0, await app.Count("sessions", "account_id = $1", old.Id));
        Assert.Equal(0, await app.Count("refresh_tokens", "true"));
    }
}
