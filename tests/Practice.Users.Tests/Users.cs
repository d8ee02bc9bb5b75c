using Microsoft.Extensions.DependencyInjection;
using Practice.Contracts.Users;
using Practice.Messages;
using Practice.Shared.Messaging;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Tests;

/// <summary>Steps that many tests of this module share.</summary>
internal static class Users
{
    public static Task<Answer> TrySignIn(this TestApp app, string email, string password, string? code = null) =>
        app.Api.Post(
            "/api/users/sign-in",
            new
            {
                email,
                password,
                code,
            }
        );

    public static Task<Answer> SignUp(
        this TestApp app,
        string email,
        string? password = null,
        string firstName = "Robin"
    ) =>
        app.Api.Post(
            "/api/users/sign-up",
            new
            {
                firstName,
                lastName = "Person",
                email,
                password = password ?? People.NewPassword(),
            }
        );

    public static Task<Answer> Confirm(this TestApp app, string? token, string? password = null) =>
        app.Api.Post("/api/users/confirm-email", new { token, password });

    /// <summary>Follows the link of a change of email without a session, with the account's own password.</summary>
    public static Task<Answer> ConfirmByPassword(this TestApp app, string? token, string currentPassword) =>
        app.Api.Post("/api/users/confirm-email", new { token, currentPassword });

    public static Task<Answer> Refresh(this TestApp app, string? refreshToken) =>
        app.Api.Post("/api/users/refresh", new { refreshToken });

    public static ApiClient As(this TestApp app, Answer signedIn) =>
        app.Api.WithToken(signedIn["accessToken"].GetString());

    public static string RefreshToken(this Answer signedIn) => signedIn["refreshToken"].GetString()!;

    /// <summary>Sends a command as another module does.</summary>
    public static async Task<ErrorOr.ErrorOr<T>> InvokeAsSystem<T>(this TestApp app, ICommand<T> command)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<IModuleBus>()
            .InvokeAsSystemAsync(command, CancellationToken.None);
    }

    public static async Task<T> Query<T>(this TestApp app, IQuery<T> query)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IModuleBus>().QueryAsync(query, CancellationToken.None);
    }

    public static async Task Publishes(this TestApp app, IEvent happened)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(happened);
    }

    /// <summary>A person added by a practice, who has done nothing yet.</summary>
    public static async Task<(Guid Id, string Email, string Password)> AddsPerson(
        this TestApp app,
        string? email = null
    )
    {
        var (id, password) = (Guid.CreateVersion7(), People.NewPassword());
        email ??= People.NewEmail();
        var added = await app.InvokeAsSystem(
            new AddAccount(id, Guid.CreateVersion7(), email, null, "Ada", "Moss", password, 1, Guid.CreateVersion7())
        );
        Assert.False(added.IsError);
        return (id, email, password);
    }

    /// <summary>A link as an email holds it, without waiting for the email.</summary>
    public static async Task<string> IssueLink(this TestApp app, LinkPurpose purpose, Guid subject)
    {
        var token = Guid.NewGuid().ToString("n");
        await app.Owner.Execute(
            """
            insert into users.links (token_hash, purpose, subject_id, created_at, expires_at)
            values (encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2, $3, now(), now() + interval '1 hour')
            """,
            token,
            purpose.ToString(),
            subject
        );
        return token;
    }

    public static Task<Answer> RequestsEmail(this Person person, string newEmail) =>
        person.Api.Post("/api/users/me/email", new { newEmail, password = person.Password });

    /// <summary>Follows the link that was sent to the new address, in the session.</summary>
    public static Task<Answer> ConfirmsEmail(this Person person, string? token) =>
        person.Api.Post("/api/users/me/email/confirm", new { token });

    public static Task<long> Count(this TestApp app, string table, string where, params object[] parameters) =>
        app.Owner.Scalar<long>($"select count(*) from users.{table} where {where}", parameters);

    public static Task<long> Audited(this TestApp app, Guid subject, string act) =>
        app.Owner.Scalar<long>("select count(*) from audit.entries where subject_id = $1 and act = $2", subject, act);
}
