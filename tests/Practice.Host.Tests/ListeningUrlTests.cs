using Microsoft.Extensions.Configuration;

namespace Practice.Host.Tests;

/// <summary>What links in mails begin with, where <c>PublicUrl</c> says nothing.</summary>
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
    public void Links_begin_with_an_address_that_can_be_opened(string key, string value, string expected) =>
        Assert.Equal(
            expected,
            ListeningUrls.FirstOf(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())
        );
}
