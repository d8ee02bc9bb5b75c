using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Practice.Host.Tests;

/// <summary>
/// <c>docs/licences.md</c> names every package that the host is built from, and its licence.
/// <c>PRACTICE_ACCEPT_LICENCES=1</c> writes it.
/// </summary>
public sealed class LicenceTests
{
    /// <summary>All of them allow what the product's own licence (Apache-2.0) allows.</summary>
    private static readonly string[] Allowed =
    [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "MIT",
        "MS-PL",
        "PostgreSQL",
    ];

    /// <summary>Packages that name a file or an address instead of a licence, as somebody read them.</summary>
    private static readonly Dictionary<string, string> Read = new()
    {
        ["Bogus"] = "MIT", // its LICENSE, with those of what it has its data from
        ["ErrorOr"] = "MIT", // its README
        ["zxcvbn-core"] = "MIT", // that of the original, zxcvbn
    };

    /// <summary>What of a package comes with the product; others only help to build it.</summary>
    private static readonly string[] Files = ["runtime", "native", "runtimeTargets", "resource"];

    private static readonly string Page = Path.Combine(Checkout.Folder, "docs", "licences.md");

    [Fact]
    public async Task The_page_names_every_package_and_its_licence()
    {
        var packages = await PackagesAsync();
        Assert.All(packages, package =>
            Assert.True(
                package.Licence.Split(" OR ").Any(Allowed.Contains),
                $"{package.Name} has the licence {package.Licence}. Read it, then add it here or do without."
            )
        );
        var page = Write(packages);
        if (Environment.GetEnvironmentVariable("PRACTICE_ACCEPT_LICENCES") is "1")
            await File.WriteAllTextAsync(Page, page);
        Assert.Equal(page, (await File.ReadAllTextAsync(Page)).ReplaceLineEndings("\n"));
    }

    private static string Write(IEnumerable<Package> packages)
    {
        var page = new StringBuilder(
            """
            # Licences

            The product has the [Apache License 2.0](../LICENSE). The host is built from these packages, directly or as
            packages of packages; those that only help to build are left out. Written by `LicenceTests`
            (`PRACTICE_ACCEPT_LICENCES=1`), which fails if a package is missing here or has a licence that does not fit.
            Versions: `Directory.Packages.props` and the [SBOM](operations/packages.md).

            | package | licence | copyright |
            |---|---|---|

            """.ReplaceLineEndings("\n")
        );
        foreach (var package in packages)
            page.Append($"| {package.Name} | {package.Licence} | {package.Copyright} |\n");
        return page.ToString();
    }

    private static async Task<IReadOnlyList<Package>> PackagesAsync()
    {
        var restored = Path.Combine(Checkout.Folder, "src", "Host", "Practice.Host", "obj", "project.assets.json");
        using var assets = JsonDocument.Parse(await File.ReadAllTextAsync(restored));
        string[] folders =
        [
            .. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(of => of.Name),
        ];
        var shipped = assets
            .RootElement.GetProperty("targets")
            .EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(library => Files.Any(kind => HasFiles(library.Value, kind)))
            .Select(library => library.Name)
            .ToHashSet();
        return
        [
            .. assets
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library =>
                    library.Value.GetProperty("type").GetString() == "package" && shipped.Contains(library.Name)
                )
                .Select(library => Of(library.Name.Split('/')[0], library.Value.GetProperty("path").GetString()!))
                .OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase),
        ];

        Package Of(string name, string path)
        {
            var file = folders
                .Select(folder => Path.Combine(folder, path, $"{name.ToLowerInvariant()}.nuspec"))
                .First(File.Exists);
            var metadata = XDocument.Load(file).Root!.Elements().First();
            return new(name, Read.GetValueOrDefault(name) ?? LicenceOf(), Text("copyright") ?? Text("authors") ?? "");

            string LicenceOf() =>
                metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license") is { } licence
                && licence.Attribute("type")?.Value == "expression"
                    ? licence.Value
                    : Text("license") ?? Text("licenseUrl") ?? "unknown";

            string? Text(string element) =>
                metadata
                    .Elements()
                    .FirstOrDefault(child => child.Name.LocalName == element)
                    ?.Value.ReplaceLineEndings(" ")
                    .Replace('|', '/')
                    .Trim();
        }
    }

    /// <summary>An empty folder has a file of this name.</summary>
    private static bool HasFiles(JsonElement library, string kind) =>
        library.TryGetProperty(kind, out var files)
        && files.EnumerateObject().Any(file => !file.Name.EndsWith("_._", StringComparison.Ordinal));

    private sealed record Package(string Name, string Licence, string Copyright);
}
