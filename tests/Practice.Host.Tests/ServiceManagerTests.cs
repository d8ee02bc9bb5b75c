using System.Net.Sockets;
using System.Text;

namespace Practice.Host.Tests;

/// <summary>What systemd learns from a host that it started (<c>deploy/systemd</c>).</summary>
public sealed class ServiceManagerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("@")] // a socket without a file
    public async Task It_is_told_when_the_host_is_ready(string kind)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(kind == "@" ? $"\0{path}" : path));
        var settings = await SettingsAsync();
        settings["NOTIFY_SOCKET"] = kind + path;
        await using var host = await HostProcess.StartAsync(TestFolder.New("ready"), settings);

        var message = new byte[100];
        var length = await systemd.ReceiveAsync(message).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("READY=1", Encoding.UTF8.GetString(message, 0, length));
        (await host.Api.Get(Health.ReadyPath)).Should(200);
    }

    [Fact]
    public async Task A_host_starts_though_nobody_hears_it()
    {
        var settings = await SettingsAsync();
        settings["NOTIFY_SOCKET"] = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}");
        await using var host = await HostProcess.StartAsync(TestFolder.New("unheard"), settings);
        (await host.Api.Get(Health.ReadyPath)).Should(200);
    }

    [Fact]
    public async Task A_line_of_the_log_has_its_priority_in_the_journal_and_nowhere_else()
    {
        var settings = await SettingsAsync();
        Assert.StartsWith("{", await RefusalAsync(settings), StringComparison.Ordinal);
        settings["JOURNAL_STREAM"] = "9:1";
        Assert.StartsWith("<6>{", await RefusalAsync(settings), StringComparison.Ordinal);

        settings["Audit:SealKey"] = "short";
        var (exitCode, _, errors) = await HostProcess.RunAsync(settings, CommandLine.Migrate);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("<3>Audit:SealKey", errors, StringComparison.Ordinal);
    }

    /// <summary>The line about a sign-in that was refused, which every start has.</summary>
    private static async Task<string> RefusalAsync(Dictionary<string, string?> settings)
    {
        await using var host = await HostProcess.StartAsync(TestFolder.New("journal"), settings);
        return await Eventually.Get(() =>
            Task.FromResult(
                host.Output.FirstOrDefault(line => line.Contains("Denied with 401", StringComparison.Ordinal))
            )
        );
    }

    private static async Task<Dictionary<string, string?>> SettingsAsync() =>
        new()
        {
            ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["PublicUrl"] = "https://practice.test",
            ["Mail:PickupDirectory"] = TestFolder.New("mail"),
        };
}
