namespace Practice.Users.Tests;

[Collection(OwnHost.Collection)]
public sealed class LogTests(OwnHost host)
{
    [Fact]
    public async Task The_log_contains_no_person_and_no_token()
    {
        var app = host.App;
        var person = await app.SignUpAndConfirm();
        var signedIn = (await app.TrySignIn(person.Email, person.Password)).Should(200);
        (await app.TrySignIn(person.Email, "not the password")).Should(401);
        (await app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        var mail = await app.Mail.WaitFor(person.Email, "new password");

        string[] secrets =
        [
            person.Email,
            person.Password,
            signedIn["accessToken"].GetString()!,
            signedIn.RefreshToken(),
            mail.Token!,
        ];
        Assert.Contains(app.Log.Lines, line => line.Contains("/api/users/sign-in", StringComparison.Ordinal));
        Assert.Contains(app.Log.Lines, line => line.Contains("DeliverMail", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Lines, line =>
            secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))
        );
    }
}
