namespace Practice.Users.Tests;

public sealed class SignUpTests
{
    [Fact]
    public async Task Signing_up_confirming_and_signing_in_shows_who_one_is()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        var me = (await person.Api.Get("/api/users/me")).Should(200);

        Assert.NotNull(me.ETag);
        Assert.Equal(person.Email, me["email"].GetString());
        Assert.True(me["emailConfirmed"].GetBoolean());
        Assert.False(me["mustChangePassword"].GetBoolean());
    }
}
