using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Practice.Shared.Http;
using Practice.Shared.Messaging;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;

namespace Practice.Users.Tests;

/// <summary>
/// The gate that every check of a password or code passes. The limits themselves are in the tests of each route.
/// </summary>
public sealed class PasswordGateTests
{
    [Fact]
    public async Task Wrong_passwords_and_codes_share_one_count_on_every_route()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await TwoFactorTests.Enable(person.Api, person.Password);
        var newPassword = new { currentPassword = "not the password", newPassword = People.NewPassword() };
        var newEmail = new { newEmail = People.NewEmail(), password = "not the password" };

        (await app.TrySignIn(person.Email, "not the password")).Should(401);
        (await person.Api.Put("/api/users/me/password", newPassword)).Should(422, "users.wrong_password");
        (await person.Api.Post("/api/users/me/email", newEmail)).Should(422, "users.wrong_password");
        (await app.TrySignIn(person.Email, person.Password, "000000")).Should(401);
        (await person.Api.Post("/api/users/me/two-factor/disable", new { code = "000000" })).Should(422);

        (await app.TrySignIn(person.Email, person.Password)).Should(429, "users.locked_out");
        (await person.Api.Put("/api/users/me/password", newPassword)).Should(429, "users.locked_out");
        (await person.Api.Post("/api/users/me/email", newEmail)).Should(429, "users.locked_out");
        (await person.Api.Post("/api/users/me/two-factor/disable", new { code = "000000" })).Should(
            429,
            "users.locked_out"
        );
    }

    [Fact]
    public async Task A_right_current_password_is_not_counted()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        for (var time = 1; time <= 6; time++)
            (await person.RequestsEmail(People.NewEmail())).Should(202);

        Assert.Equal(0, await Failures(app, person.Email));
    }

    [Fact]
    public async Task A_right_current_password_does_not_clear_earlier_failures()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var wrong = new { newEmail = People.NewEmail(), password = "not the password" };
        for (var failure = 1; failure <= 4; failure++)
            (await person.Api.Post("/api/users/me/email", wrong)).Should(422, "users.wrong_password");

        (await person.RequestsEmail(People.NewEmail())).Should(202);

        Assert.Equal(4, await Failures(app, person.Email));
        (await person.Api.Post("/api/users/me/email", wrong)).Should(422, "users.wrong_password");
        (await person.Api.Post("/api/users/me/email", wrong)).Should(429, "users.locked_out");
    }

    [Fact]
    public async Task An_attempt_that_the_server_is_too_busy_to_check_is_not_counted()
    {
        var app = await TestApp.StartedAsync();
        var email = EmailAddress.Normalize(People.NewEmail());
        using var hasher = new BlockedHasher();
        using var passwords = new PasswordHashing(hasher);
        hasher.Block();
        var waiting = Enumerable
            .Range(0, PasswordHashing.MaxQueueLength + Environment.ProcessorCount)
            .Select(_ => passwords.HashAsync("a password", CancellationToken.None))
            .ToList();
        await using var scope = app.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IModuleBus>();
        var gate = new PasswordGate(
            new PerEmailLock(),
            passwords,
            bus,
            new HttpContextAccessor { HttpContext = new DefaultHttpContext() }
        );

        var wrong = PasswordErrors.WrongPassword;
        var verified = await gate.VerifyCurrentPasswordAsync(
            email,
            "hash",
            "a password",
            wrong,
            CancellationToken.None
        );

        Assert.Equal((503, "users.busy"), (verified.FirstError.NumericType, verified.FirstError.Code));
        Assert.Equal(0, await Failures(app, email));
        hasher.Release();
        await Task.WhenAll(waiting);
    }

    private static Task<int> Failures(TestApp app, string email) =>
        app.Owner.Scalar<int>(
            "select coalesce(max(failures), 0) from users.sign_in_counts where email_hash = $1",
            SignInAttemptQueries.KeyOf(EmailAddress.Normalize(email))
        );

    private sealed class BlockedHasher : IPasswordHasher<Account>, IDisposable
    {
        private readonly ManualResetEventSlim _open = new(initialState: true);

        public void Block() => _open.Reset();

        public void Release() => _open.Set();

        public string HashPassword(Account user, string password)
        {
            _open.Wait();
            return "hash";
        }

        public PasswordVerificationResult VerifyHashedPassword(
            Account user,
            string hashedPassword,
            string providedPassword
        )
        {
            _open.Wait();
            return PasswordVerificationResult.Success;
        }

        public void Dispose() => _open.Dispose();
    }
}
