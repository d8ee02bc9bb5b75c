using static Practice.EmbeddedPostgres.Tests.Checkout;

namespace Practice.EmbeddedPostgres.Tests;

public sealed class ClusterDirectoryTests(ClusterTemplate template) : IClassFixture<ClusterTemplate>
{
    [Fact]
    public async Task A_missing_password_file_is_an_error_and_the_data_stays()
    {
        await using var checkout = await template.Copy();
        var server = await checkout.Start();
        await Query(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        await server.StopAsync();
        var password = Path.Combine(checkout.ClusterFolder, "password");
        File.Move(password, password + ".away");

        Assert.StartsWith($"{password} is missing", await checkout.FailingStart(), StringComparison.Ordinal);

        File.Move(password + ".away", password);
        Assert.Equal(42, await Query((await checkout.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_wrong_password_file_is_an_error_and_the_server_stops()
    {
        await using var checkout = await template.Copy();
        await File.WriteAllTextAsync(Path.Combine(checkout.ClusterFolder, "password"), "wrong");

        Assert.Contains(
            "is not the password of the database next to it",
            await checkout.FailingStart(),
            StringComparison.Ordinal
        );

        Assert.Null(PostmasterFile.Read(checkout.Data));
    }

    [Fact]
    public async Task Data_of_a_major_version_that_is_not_installed_is_an_error()
    {
        await using var checkout = await template.Copy();
        await File.WriteAllTextAsync(Path.Combine(checkout.Data, "PG_VERSION"), "9\n");

        var error = await checkout.FailingStart(o => o with { MavenRepo = "http://127.0.0.1:9/maven" });

        Assert.Contains(
            "was created by PostgreSQL 9, which this machine does not have",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_machine_without_binaries_that_cannot_download_them_says_what_to_install()
    {
        await using var checkout = new Checkout();

        var error = await checkout.FailingStart(o =>
            o with
            {
                IgnoreInstalledBinaries = true,
                MavenRepo = "http://127.0.0.1:9/maven",
            }
        );

        Assert.StartsWith(
            "This machine has no PostgreSQL 15 or later, and the download from http://127.0.0.1:9/maven failed",
            error,
            StringComparison.Ordinal
        );
        Assert.EndsWith("install PostgreSQL 17.", error, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_checkout_that_only_root_can_access_has_its_cluster_elsewhere_and_finds_it_again()
    {
        await using var checkout = new Checkout(openToOthers: false);
        var server = await checkout.Start();
        Assert.StartsWith("/var/lib/practice-embedded/", checkout.ClusterFolder, StringComparison.Ordinal);
        await Query(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        await server.StopAsync();

        Assert.Equal(42, await Query((await checkout.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [RootFact]
    public async Task A_copied_data_folder_does_not_share_a_cluster()
    {
        await using var checkout = new Checkout(openToOthers: false);
        await using var copy = new Checkout(openToOthers: false);
        var original = await checkout.Start();
        await Query(original.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        Directory.CreateDirectory(copy.DataDirectory);
        File.Copy(checkout.LocationFile, copy.LocationFile);

        var server = await copy.Start();

        Assert.NotEqual(checkout.ClusterFolder, copy.ClusterFolder);
        Assert.Equal(
            false,
            await Query(server.ConnectionString, "SELECT EXISTS (SELECT FROM pg_tables WHERE tablename = 'kept')")
        );
        Assert.Equal(42, await Query(original.ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task The_copy_of_a_running_cluster_leaves_the_original_running()
    {
        await using var checkout = await template.Copy();
        await using var copy = new Checkout();
        var original = await checkout.Start();
        await ChildProcess.Shell(null, "cp -a \"$1\" \"$2\"", Limit(), checkout.DataDirectory, copy.DataDirectory);

        var server = await copy.Start();

        Assert.Equal(1, await Query(server.ConnectionString, "SELECT 1"));
        Assert.Equal(1, await Query(original.ConnectionString, "SELECT 1"));
        Assert.NotEqual(checkout.Postmaster, copy.Postmaster);
    }

    [RootFact]
    public async Task A_moved_data_folder_keeps_its_cluster()
    {
        await using var checkout = new Checkout(openToOthers: false);
        await using var moved = new Checkout(openToOthers: false);
        var server = await checkout.Start();
        await Query(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        await server.StopAsync();
        Directory.Move(checkout.DataDirectory, moved.DataDirectory);

        Assert.Equal(42, await Query((await moved.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [RootFact]
    public async Task A_lost_cluster_elsewhere_is_an_error_and_not_an_empty_database()
    {
        await using var checkout = new Checkout();
        Directory.CreateDirectory(checkout.DataDirectory);
        await File.WriteAllTextAsync(checkout.LocationFile, "0123456789abcdef0123456789abcdef");

        Assert.Contains("which does not exist: restore it", await checkout.FailingStart(), StringComparison.Ordinal);
        File.Delete(checkout.LocationFile);
    }

    [RootFact]
    public async Task The_server_runs_as_the_owner_of_its_data_and_never_as_root()
    {
        await using var checkout = await template.Copy();
        await ChildProcess.Shell(null, "chown -R nobody: \"$1\"", Limit(), checkout.ClusterFolder);

        await checkout.Start();

        var owner = await ChildProcess.Shell(null, "stat -c %U /proc/$1", Limit(), $"{checkout.Postmaster}");
        Assert.Equal("nobody", owner.Output.Trim());
    }

    [RootFact]
    public async Task Data_of_a_user_without_a_passwd_entry_is_an_error()
    {
        await using var checkout = new Checkout();
        Directory.CreateDirectory(checkout.Data);
        await ChildProcess.Shell(null, "chown -R 54321 \"$1\"", Limit(), checkout.ClusterFolder);

        Assert.Contains(
            "belongs to a user without a passwd entry",
            await checkout.FailingStart(),
            StringComparison.Ordinal
        );
    }

    [RootFact]
    public async Task A_full_disk_is_reported_as_such()
    {
        await using var checkout = new Checkout();
        Directory.CreateDirectory(checkout.DataDirectory);
        Assert.True(
            (
                await ChildProcess.Shell(
                    null,
                    "mount -t tmpfs -o size=8m,mode=755 tmpfs \"$1\"",
                    Limit(),
                    checkout.DataDirectory
                )
            ).Succeeded
        );
        try
        {
            Assert.Equal(
                $"The disk that holds {checkout.ClusterFolder} is full: free some space and start again.",
                await checkout.FailingStart()
            );
        }
        finally
        {
            await ChildProcess.Shell(null, "umount \"$1\"", Limit(), checkout.DataDirectory);
        }
    }
}
