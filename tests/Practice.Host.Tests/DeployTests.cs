using System.Diagnostics;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Practice.Host.Tests;

/// <summary>
/// The files under <c>deploy</c> and the pages for operators name only settings, ports, paths and commands that the
/// product has.
/// </summary>
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

    private static readonly string[] OfBoth =
    [
        "DynamicUser",
        "StateDirectory",
        "StateDirectoryMode",
        "WorkingDirectory",
        "EnvironmentFile",
        "Environment",
        "UMask",
    ];

    [Fact]
    public void Every_setting_is_one_that_the_readme_describes()
    {
        var described = Described();
        (string File, string Name)[] named =
        [
            .. Files().SelectMany(file => Found(file, Setting())),
            .. Pages().SelectMany(page => Found(page, Setting()).Concat(Found(page, Key()))),
        ];
        Assert.Contains("Mail:Smtp:Password", described);
        Assert.Contains(("disk-full.md", "Files:Directory"), named);
        Assert.All(named, found => Assert.True(described.Contains(found.Name), $"{found}"));
    }

    [Fact]
    public void The_runbook_about_calls_that_fail_reads_the_lines_of_what_answers_them() =>
        Assert.Contains(
            $"endswith(\"{nameof(ProblemDetailsExceptionHandler)}\")",
            File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "operations", "calls-fail.md")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_command_is_one_of_the_host()
    {
        (string File, string Name)[] named = [.. Files().Concat(Pages()).SelectMany(file => Found(file, Command()))];
        Assert.Contains(("Dockerfile", CommandLine.IsReady), named);
        Assert.Contains(("messages-late-or-dead.md", CommandLine.ReplayDeadLetters), named);
        Assert.True(named.Count(found => found.Name == CommandLine.Migrate) >= 3);
        var help = CommandLine.HelpText();
        Assert.All(named, found =>
            Assert.Matches(new Regex($"^  {Regex.Escape(found.Name)} ", RegexOptions.Multiline), help)
        );
    }

    [Fact]
    public async Task A_command_beside_the_unit_runs_as_the_unit_does()
    {
        var unit = await File.ReadAllTextAsync(Path.Combine(Folder, "systemd", "practice.service"));
        var command = await File.ReadAllTextAsync(Path.Combine(Folder, "systemd", "practice"));
        foreach (var name in OfBoth)
        {
            var value = Value(unit, $"(?m)^{name}=(.+)$");
            Assert.NotEmpty(value);
            Assert.Contains(
                name == "Environment" ? $"--property={name}=\"{value}\" " : $"--property={name}={value} ",
                command,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task The_backup_of_each_night_may_do_no_more_than_the_host()
    {
        var host = await File.ReadAllTextAsync(Path.Combine(Folder, "systemd", "practice.service"));
        var backup = await File.ReadAllLinesAsync(Path.Combine(Folder, "systemd", "practice-backup.service"));
        var limits = host[host.IndexOf("NoNewPrivileges=", StringComparison.Ordinal)..]
            .Split('\n')
            .TakeWhile(line => line.Length > 0)
            .Where(line => line[0] != '#')
            .ToArray();
        Assert.Contains("CapabilityBoundingSet=", limits);
        Assert.Contains("UMask=0077", limits);
        Assert.All(limits, line => Assert.Contains(line, backup));
    }

    /// <summary>.NET fails a TLS connection of a user without one, as to the database.</summary>
    [Fact]
    public async Task The_unit_has_a_home_directory() =>
        Assert.Contains(
            "\nEnvironment=HOME=/var/lib/practice ",
            await File.ReadAllTextAsync(Path.Combine(Folder, "systemd", "practice.service")),
            StringComparison.Ordinal
        );

    /// <summary>PostgreSQL's image answers at its socket while it makes the database, and then restarts.</summary>
    [Fact]
    public async Task Compose_asks_the_database_by_tcp_whether_it_is_ready() =>
        Assert.Contains(
            "[CMD, pg_isready, --host=127.0.0.1,",
            await File.ReadAllTextAsync(Path.Combine(Folder, "compose.yaml")),
            StringComparison.Ordinal
        );

    /// <summary>It runs as another user, who may not be able to read a file of root's checkout.</summary>
    [Fact]
    public async Task Compose_gives_the_database_no_file_of_the_checkout() =>
        Assert.DoesNotMatch(@"(?m)^ +- \.|file: \.", await File.ReadAllTextAsync(Path.Combine(Folder, "compose.yaml")));

    /// <summary>A <c>syntax</c> has the build fetch one more, from Docker Hub.</summary>
    [Fact]
    public async Task The_build_fetches_no_image_but_those_that_it_starts_from() =>
        Assert.DoesNotMatch("(?im)^# *syntax *=", await File.ReadAllTextAsync(Path.Combine(Folder, "Dockerfile")));

    /// <summary>Else <c>restore --locked-mode</c>, as in the Dockerfile, fails in the same checkout after it.</summary>
    [Theory]
    [InlineData("-property:RuntimeIdentifier=linux-x64")]
    [InlineData("-property:UseCurrentRuntimeIdentifier=true")]
    [InlineData("-property:_IsPublishing=true")]
    public async Task A_publish_reads_and_writes_no_lock_file(string publish)
    {
        using var build = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                ["msbuild", "src/Shared/Practice.Time", publish, "-getProperty:NuGetLockFilePath"]
            )
            {
                WorkingDirectory = Checkout.Folder,
                RedirectStandardOutput = true,
            }
        )!;
        var path = (await build.StandardOutput.ReadToEndAsync()).Trim();
        await build.WaitForExitAsync();
        Assert.NotEmpty(path);
        Assert.False(File.Exists(Path.Combine(Checkout.Folder, "src/Shared/Practice.Time", path)));
    }

    /// <summary>Else a new version may migrate the database and leave the old hosts running.</summary>
    [Fact]
    public void The_image_of_all_manifests_is_named_once()
    {
        var named = Directory
            .EnumerateFiles(Path.Combine(Folder, "kubernetes"), "kustomization.yaml", SearchOption.AllDirectories)
            .ToLookup(file => File.ReadAllText(file).Contains("newTag:", StringComparison.Ordinal));
        var image = Path.Combine(Folder, "kubernetes", "image", "kustomization.yaml");
        Assert.Equal([image], named[true]);
        Assert.Equal(3, named[false].Count());
        Assert.All(named[false], file => Assert.Matches("components:\n  - (../)?image\n", File.ReadAllText(file)));
    }

    /// <summary>The commands of runbooks are copied as they are.</summary>
    [Fact]
    public void Each_name_that_runbooks_use_in_commands_is_explained_for_each_kind_of_host()
    {
        var explained = File.ReadAllLines(Path.Combine(Checkout.Folder, "docs", "operations", "README.md"));
        var names = Pages()
            .SelectMany(page => Shouted().Matches(File.ReadAllText(page)))
            .Select(m => m.Value)
            .ToHashSet();
        Assert.Contains("$PSQL", names);
        Assert.All(names, name =>
            Assert.Equal(3, explained.Count(line => line.StartsWith($"{name[1..]}='", StringComparison.Ordinal)))
        );
    }

    /// <summary>Compose 2.26 begins each line of a log with an escape sequence, so that <c>jq</c> reads none.</summary>
    [Fact]
    public void Runbooks_read_the_log_without_compose() =>
        Assert.DoesNotContain(Pages().SelectMany(File.ReadLines), line =>
            line.StartsWith("LOG='docker compose", StringComparison.Ordinal)
        );

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
        var backups = Assert.Single(objects.OfType<V1CronJob>()).Spec.JobTemplate.Spec.Template.Spec;
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

        foreach (var pod in new[] { host, migrates, backups })
        {
            Assert.Equal(Value(image, "USER ([0-9]+)"), $"{pod.SecurityContext.RunAsUser}");
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.All(pod.Containers, of => Assert.True(of.SecurityContext.ReadOnlyRootFilesystem));
        }
    }

    /// <summary>Else Kubernetes lets the group read the backups, which are for their user alone.</summary>
    [Fact]
    public void Files_of_a_volume_that_lasts_keep_their_mode()
    {
        var folder = Path.Combine(Folder, "kubernetes", "backup");
        var pods = new[] { "cronjob.yaml", "copy.yaml" }
            .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(folder, file))))
            .Select(made => made is V1CronJob each ? each.Spec.JobTemplate.Spec.Template.Spec : ((V1Pod)made).Spec)
            .ToArray();
        Assert.Equal(2, pods.Length);
        Assert.All(pods, pod => Assert.Equal("OnRootMismatch", pod.SecurityContext.FsGroupChangePolicy));
    }

    /// <summary>A job does not change. One that is there is not made again, or <c>apply</c> does nothing.</summary>
    [Fact]
    public void Each_job_that_a_page_makes_is_deleted_before()
    {
        var pages = Pages().Select(File.ReadAllText).ToArray();
        var made = pages
            .SelectMany(page => Job().Matches(page).Select(m => (Name: m.Groups[1].Value, Above: page[..m.Index])))
            .ToArray();
        Assert.Equal(2, made.Length);
        Assert.All(made, of => Assert.Matches($"kubectl delete job [a-z -]*{of.Name} ", of.Above));
    }

    [Fact]
    public async Task Every_alert_names_a_runbook_that_exists()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "prometheus", "practice.rules.yml"));
        var runbooks = Runbook().Matches(rules).Select(found => found.Groups[1].Value).ToArray();
        Assert.Equal(Regex.Count(rules, "- alert:"), runbooks.Length);
        Assert.All(runbooks, runbook => Assert.True(File.Exists(Path.Combine(Checkout.Folder, runbook)), runbook));
    }

    private static IEnumerable<(string File, string Name)> Found(string file, Regex pattern) =>
        pattern
            .Matches(File.ReadAllText(file))
            .Select(found => found.Groups.TryGetValue("name", out var name) ? name.Value : found.Value)
            .Select(name => (Path.GetFileName(file), name.Replace("__", ":", StringComparison.Ordinal)));

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Folder, "docs", "operations"), "*.md");

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

    /// <summary>As pages name a setting; not <c>Mail:Smtp:*</c>.</summary>
    [GeneratedRegex(@"\b[A-Z][A-Za-z]+(?::[A-Z][A-Za-z]+)+\b(?!:\*)")]
    private static partial Regex Key();

    [GeneratedRegex(
        """
            (?x)
            (?: (?:command|args):\ \[(?=[a-z-]+\]) | Practice\.Host(?:",\ "|\ ) | command\ `
                | (?:sudo|compose\b.*\ run\b.*)\ practice\  )
            (?<name> (?:dead-letters|storage|codegen)\ [a-z]+ | [a-z][a-z-]+ )
            """
    )]
    private static partial Regex Command();

    [GeneratedRegex(@"\$[A-Z][A-Z_]+(?=[ )])")]
    private static partial Regex Shouted();

    [GeneratedRegex("kubectl create job ([a-z-]+)")]
    private static partial Regex Job();

    [GeneratedRegex("runbook: (.+)")]
    private static partial Regex Runbook();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticked();
}
