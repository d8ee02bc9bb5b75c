namespace Practice.Users.Tests;

public sealed class MeTests
{
    [Fact]
    public async Task A_person_changes_their_own_name()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        (
            await person.Api.Change(
                "/api/users/me",
                new
                {
                    title = "Dr",
                    firstName = " Ida ",
                    lastName = "Moss",
                }
            )
        ).Should(204);

        var me = await person.Api.Get("/api/users/me");
        Assert.Equal(
            ("Dr", "Ida", "Moss"),
            (me["title"].GetString(), me["firstName"].GetString(), me["lastName"].GetString())
        );
    }

    [Fact]
    public async Task A_change_must_send_the_current_version()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var read = await person.Api.Get("/api/users/me");
        var change = new { firstName = "Ida", lastName = "Moss" };

        (await person.Api.Put("/api/users/me", change)).Should(428, "request.version_required");
        (await person.Api.Put("/api/users/me", change, read.ETag)).Should(204);
        var late = (await person.Api.Put("/api/users/me", change, read.ETag)).Should(412, "request.version_changed");

        Assert.Equal((await person.Api.Get("/api/users/me")).ETag, late["currentVersion"].GetString());
    }
}
