namespace Practice.Users.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task A_client_may_name_itself_anything()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        // 199 characters and a surrogate pair at the limit: half of it is no text. HttpClient itself sends ASCII only.
        var body = $$"""{"email":"{{person.Email}}","password":"{{person.Password}}"}""";
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(app.Url.Host, app.Url.Port);
        await client
            .GetStream()
            .WriteAsync(
                System.Text.Encoding.UTF8.GetBytes(
                    "POST /api/users/sign-in HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
                        + $"User-Agent: {new string('x', 199)}\U0001F600\U0001F600\r\n"
                        + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                )
            );
        using var answer = new StreamReader(client.GetStream());
        Assert.Contains("200 OK", await answer.ReadLineAsync(), StringComparison.Ordinal);
        var devices = (await person.Api.Get("/api/users/me/sessions")).Items.Select(item =>
            item.GetProperty("device").GetString()
        );
        Assert.Contains($"{new string('x', 199)}\U0001F600", devices);
    }

    [Fact]
    public async Task A_refresh_returns_a_new_pair_and_the_session_continues()
    {
        var app = await TestApp.StartedAsync();
        var signedIn = await SignedIn(app);

        var refreshed = (await app.Refresh(signedIn.RefreshToken())).Should(200);

        Assert.NotEqual(signedIn.RefreshToken(), refreshed.RefreshToken());
        (await app.As(refreshed).Get("/api/users/me")).Should(200);
        (await app.Refresh(refreshed.RefreshToken())).Should(200);
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_the_family()
    {
        var app = await TestApp.StartedAsync();
        var signedIn = await SignedIn(app);
        var refreshed = (await app.Refresh(signedIn.RefreshToken())).Should(200);

        (await app.Refresh(signedIn.RefreshToken())).Should(401, "users.refresh_token_invalid");

        (await app.As(refreshed).Get("/api/users/me")).Should(401);
        (await app.As(signedIn).Get("/api/users/me")).Should(401);
        (await app.Refresh(refreshed.RefreshToken())).Should(401, "users.refresh_token_invalid");
    }

    [Fact]
    public async Task Of_simultaneous_refreshes_with_one_token_one_succeeds_and_its_session_continues()
    {
        const int calls = 4; // as many as there are connections for, in a test
        await using var app = await TestApp.StartAsync();
        var signedIn = await SignedIn(app);

        // All are sent before any is answered: the account is locked until each of them waits for it.
        await using var connection = new Npgsql.NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (
            var hold = new Npgsql.NpgsqlCommand("select 1 from users.accounts for update", connection, holding)
        )
            await hold.ExecuteNonQueryAsync();
        var refreshing = Task.WhenAll(Enumerable.Range(0, calls).Select(_ => app.Refresh(signedIn.RefreshToken())));
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ) == calls
        );
        await holding.RollbackAsync();
        var answers = await refreshing;

        var won = Assert.Single(answers, answer => answer.Status == 200);
        (await app.As(won).Get("/api/users/me")).Should(200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer =>
            answer.Should(401, "users.refresh_token_invalid")
        );
    }

    [Fact]
    public async Task A_session_that_is_deleted_while_it_is_refreshed_is_invalid()
    {
        await using var app = await TestApp.StartAsync();
        var signedIn = await SignedIn(app);

        await using var connection = new Npgsql.NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (
            var hold = new Npgsql.NpgsqlCommand("select 1 from users.accounts for update", connection, holding)
        )
            await hold.ExecuteNonQueryAsync();
        var refreshing = app.Refresh(signedIn.RefreshToken());
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ) == 1
        );
        await app.Owner.Execute("delete from users.sessions");
        await holding.RollbackAsync();

        (await refreshing).Should(401, "users.refresh_token_invalid");
    }

    [Fact]
    public async Task An_unknown_refresh_token_is_rejected() =>
        (await (await TestApp.StartedAsync()).Refresh("never given out")).Should(401, "users.refresh_token_invalid");

    [Fact]
    public async Task Signing_out_ends_this_session_from_the_next_request_and_no_other()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var signedIn = (await app.TrySignIn(person.Email, person.Password)).Should(200);

        (await app.As(signedIn).Post("/api/users/sign-out")).Should(204);

        (await app.As(signedIn).Get("/api/users/me")).Should(401, "auth.not_signed_in");
        (await app.Refresh(signedIn.RefreshToken())).Should(401);
        (await person.Api.Get("/api/users/me")).Should(200);
    }

    [Fact]
    public async Task Signing_out_ends_every_access_token_of_the_session()
    {
        var app = await TestApp.StartedAsync();
        var first = await SignedIn(app);
        var second = (await app.Refresh(first.RefreshToken())).Should(200);

        (await app.As(second).Post("/api/users/sign-out")).Should(204);

        (await app.As(first).Get("/api/users/me")).Should(401);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_sessions()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var other = await person.SignsInAgain();

        (await person.Api.Post("/api/users/sign-out-everywhere")).Should(204);

        (await person.Api.Get("/api/users/me")).Should(401);
        (await other.Api.Get("/api/users/me")).Should(401);
        Assert.Equal(1, await app.Audited(person.Id, "users.signed_out_everywhere"));
    }

    [Fact]
    public async Task A_person_sees_their_sessions_and_ends_another_one()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var other = await person.SignsInAgain();

        var sessions = (await person.Api.Get("/api/users/me/sessions")).Should(200).Items;
        var elsewhere = Assert.Single(sessions, session => !session.GetProperty("current").GetBoolean());
        Assert.Equal(2, sessions.Count);

        (await person.Api.Delete($"/api/users/me/sessions/{elsewhere.GetProperty("id")}")).Should(204);

        (await other.Api.Get("/api/users/me")).Should(401);
        Assert.Single((await person.Api.Get("/api/users/me/sessions")).Items);
        (await person.Api.Delete($"/api/users/me/sessions/{elsewhere.GetProperty("id")}")).Should(404);
    }

    [Fact]
    public async Task Nobody_ends_another_persons_session()
    {
        var app = await TestApp.StartedAsync();
        var (person, stranger) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        var session = Assert.Single((await person.Api.Get("/api/users/me/sessions")).Items).GetProperty("id");

        (await stranger.Api.Delete($"/api/users/me/sessions/{session}")).Should(404);

        (await person.Api.Get("/api/users/me")).Should(200);
    }

    private static async Task<Answer> SignedIn(TestApp app)
    {
        var person = await app.SignUpAndConfirm();
        return (await app.TrySignIn(person.Email, person.Password)).Should(200);
    }
}
