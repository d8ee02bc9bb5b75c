using Microsoft.Extensions.Options;

namespace Practice.Users.Tests;

public sealed class EmailOptionsTests
{
    [Fact]
    public async Task An_email_in_the_pickup_directory_is_for_its_owner_only()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var mail = app.Mail.To(person.Email).Single();
        if (!OperatingSystem.IsWindows()) // there the folder's own rights hold
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(mail.File));
    }

    [Theory]
    [InlineData("Mail:From", "nobody at nowhere")]
    [InlineData("Mail:Smtp:Port", "70000")]
    [InlineData("Mail:Smtp:User", "only-a-user")]
    [InlineData("Mail:Smtp:Timeout", "00:00:46")]
    [InlineData("PublicUrl", "practice.test/no-scheme")]
    public async Task An_invalid_setting_stops_the_host_with_one_line_that_names_it(string setting, string value)
    {
        var stopped = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestApp.StartAsync(new TestAppOptions { Settings = new Dictionary<string, string?> { [setting] = value } })
        );

        Assert.Contains(setting, Assert.Single(stopped.Failures), StringComparison.Ordinal);
    }
}
