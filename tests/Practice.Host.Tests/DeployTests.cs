using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Practice.Host.Tests;

/// <summary>The files under <c>deploy</c> name only settings, ports, paths and commands that the product has.</summary>
public sealed partial class DeployTests
{
    private static readonly string Folder = Path.Combine(Checkout.Folder, "deploy");

    /// <summary>What the framework reads.</summary>
    private static readonly string[] OfTheFramework =
    [
        "ASPNETCORE_HTTP_PORTS",
        "ASPNETCORE_URLS",
        "DOTNET_ENVIRONMENT",
    ];

    [Fact]
    public void Every_setting_is_one_that_the_readme_describes()
    {
        var described = Described();
        var unknown = Files()
            .SelectMany(file =>
                Setting()
                    .Matches(File.ReadAllText(file))
                    .Select(found => found.Value.Replace("__", ":", StringComparison.Ordinal))
                    .Where(name => !described.Contains(name))
                    .Select(name => $"{Path.GetFileName(file)}: {name}")
            )
            .ToArray();
        Assert.Contains("Mail:Smtp:Password", described);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_command_is_one_of_the_host()
    {
        string[] commands =
        [
            .. Files()
                .SelectMany(file => Command().Matches(File.ReadAllText(file)))
                .Select(found => found.Groups["name"].Value),
        ];
        Assert.Contains(CommandLine.IsReady, commands);
        Assert.True(commands.Count(command => command == CommandLine.Migrate) >= 3);
        Assert.All(commands, command => Assert.Equal(command, CommandLine.Parse([command]).Command));
    }

    [Fact]
    public async Task The_manifests_are_valid_and_their_probes_ports_and_user_are_those_of_the_image()
    {
        var app = await TestApp.StartedAsync();
        var image = await File.ReadAllTextAsync(Path.Combine(Folder, "Dockerfile"));
        var objects = Directory
            .EnumerateFiles(Path.Combine(Folder, "kubernetes"), "*.yaml", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), null, strict: true))
            .ToArray();
        var host = Assert.Single(objects.OfType<V1Deployment>()).Spec.Template.Spec;
        var migrates = Assert.Single(objects.OfType<V1Job>()).Spec.Template.Spec;
        var container = Assert.Single(host.Containers);

        foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
            (await app.Api.Get(probe.HttpGet.Path)).Should(200);
        Assert.Equal(Health.ReadyPath, container.ReadinessProbe.HttpGet.Path);

        var ports = container.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        Assert.Equal($"{ports["http"]}", Value(image, "EXPOSE (.+)"));
        Assert.Equal($"{ports["http"]}", Value(image, "ASPNETCORE_HTTP_PORTS=([0-9]+)"));
        var settings = Assert.Single(objects.OfType<V1ConfigMap>()).Data;
        Assert.Equal(ports["metrics"], new Uri(settings["Metrics__Url"]).Port);
        var compose = await File.ReadAllTextAsync(Path.Combine(Folder, "compose.yaml"));
        Assert.Equal($"{ports["http"]}", Value(compose, @"ports: \[""127\.0\.0\.1:8080:([0-9]+)"));

        foreach (var pod in new[] { host, migrates })
        {
            Assert.Equal(Value(image, "USER ([0-9]+)"), $"{pod.SecurityContext.RunAsUser}");
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.All(pod.Containers, of => Assert.True(of.SecurityContext.ReadOnlyRootFilesystem));
        }
    }

    [Fact]
    public async Task Every_alert_names_a_runbook_that_exists()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "prometheus", "practice.rules.yml"));
        var runbooks = Runbook().Matches(rules).Select(found => found.Groups[1].Value).ToArray();
        Assert.Equal(Regex.Count(rules, "- alert:"), runbooks.Length);
        Assert.All(runbooks, runbook => Assert.True(File.Exists(Path.Combine(Checkout.Folder, runbook)), runbook));
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories);

    private static string Value(string text, string pattern) => Regex.Match(text, pattern).Groups[1].Value;

    /// <summary>
    /// The table's keys. After <c>`Mail:Smtp:Host`</c>, <c>`Port`</c> stands for <c>Mail:Smtp:Port</c>.
    /// </summary>
    private static HashSet<string> Described()
    {
        var keys = new HashSet<string>(OfTheFramework);
        foreach (var line in File.ReadLines(Path.Combine(Checkout.Folder, "README.md")))
        {
            if (!line.StartsWith("| `", StringComparison.Ordinal))
                continue;
            var section = "";
            foreach (var name in Backticked().Matches(line.Split('|')[1]).Select(found => found.Groups[1].Value))
            {
                if (name.LastIndexOf(':') is var colon and > 0)
                    section = name[..(colon + 1)];
                keys.Add(name.Contains(':', StringComparison.Ordinal) ? name : section + name);
            }
        }

        return keys;
    }

    [GeneratedRegex(
        @"\b[A-Z][A-Za-z]+(?:__[A-Z][A-Za-z]+)+\b|\b(?:PublicUrl|TrustedProxies)\b|\b(?:ASPNETCORE|DOTNET)_[A-Z_]+\b"
    )]
    private static partial Regex Setting();

    [GeneratedRegex("""(?:command|args): \[(?<name>[a-z-]+)\]|Practice\.Host(?:", "| )(?<name>[a-z][a-z-]+)""")]
    private static partial Regex Command();

    [GeneratedRegex("runbook: (.+)")]
    private static partial Regex Runbook();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticked();
}
