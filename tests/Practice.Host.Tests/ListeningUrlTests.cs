using Microsoft.Extensions.Configuration;

namespace Practice.Host.Tests;

/// <summary>The start of links in mails if <c>PublicUrl</c> is not set.</summary>
public sealed class ListeningUrlTests
{
    [Theory]
    [InlineData("urls", "http://clinic.test:8080;https://clinic.test", "http://clinic.test:8080")]
    [InlineData("urls", "http://*:8080", "http://localhost:8080")]
    [InlineData("urls", "http://+:8080/", "http://localhost:8080")]
    [InlineData("urls", "http://0.0.0.0:8080", "http://localhost:8080")]
    [InlineData("urls", "http://[::]:8080", "http://localhost:8080")]
    [InlineData("http_ports", "8080;8081", "http://localhost:8080")]
    [InlineData("https_ports", "8443", "https://localhost:8443")]
    [InlineData("unrelated", "8443", "http://localhost:5000")]
    public void Links_start_with_an_address_that_a_browser_can_open(string key, string value, string expected) =>
        Assert.Equal(
            expected,
            ListeningUrls.FirstOf(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())
        );
}
