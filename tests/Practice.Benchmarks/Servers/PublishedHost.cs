using System.Diagnostics;

namespace Practice.Benchmarks.Servers;

/// <summary>The product as an operator runs it.</summary>
internal sealed class PublishedHost(string folder, string workFolder)
{
    /// <summary>How the names of the product's roles begin, in all databases.</summary>
    public const string RolePrefix = "practice_bench";

    private string Program => Path.Combine(folder, OperatingSystem.IsWindows() ? "Practice.Host.exe" : "Practice.Host");

    /// <summary>Publishes it in the folder; returns when that is done.</summary>
    public static async Task PublishAsync(string checkout, string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        using var publish = Process.Start(
            "dotnet",
            [
                "publish",
                Path.Combine(checkout, "src", "Host", "Practice.Host"),
                "-c",
                "Release",
                "-o",
                folder,
                "-v",
                "q",
            ]
        );
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
            throw new InvalidOperationException("The host could not be published.");
    }

    public Task MigrateAsync(string connectionString) =>
        ChildServer.RunAsync(Program, ["migrate"], Settings(connectionString));

    public Task<ChildServer> StartAsync(string connectionString) =>
        ChildServer.StartAsync(Program, [], Settings(connectionString));

    public string MailFolder => Path.Combine(workFolder, "mail");

    private Dictionary<string, string> Settings(string connectionString) =>
        new()
        {
            ["ConnectionStrings:Practice"] = connectionString,
            ["Database:RolePrefix"] = RolePrefix, // copies of a database have the rights of its roles
            ["Data:Directory"] = workFolder,
            ["Mail:PickupDirectory"] = MailFolder,
            ["PublicUrl"] = "http://localhost",
            ["RateLimits:PerMinute"] = "0", // all calls come from one address
        };
}
