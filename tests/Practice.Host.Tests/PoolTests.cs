using Npgsql;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>Options in the operator's connection string apply to the connections of every module.</summary>
public sealed class PoolTests
{
    [Fact]
    public void Options_that_are_set_stay_and_the_others_get_defaults()
    {
        var defaults = Of("Host=db;Username=owner;Password=secret");
        Assert.Equal((14, 2, 2), (defaults.MaxPoolSize, defaults.Timeout, defaults.CommandTimeout));
        Assert.Equal(100, defaults.MaxAutoPrepare);
        Assert.Null(defaults.TargetSessionAttributes);
        Assert.Equal(GssEncryptionMode.Disable, defaults.GssEncryptionMode);
        Assert.Equal("practice_groups", defaults.Username);
        Assert.NotEqual("secret", defaults.Password);

        var set = Of(
            "Host=db;Username=owner;Password=secret;MaxPoolSize=7;Timeout=3;Command Timeout=60;Max Auto Prepare=0"
                + ";GSS Encryption Mode=Prefer"
        );
        Assert.Equal((7, 3, 60), (set.MaxPoolSize, set.Timeout, set.CommandTimeout));
        Assert.Equal(0, set.MaxAutoPrepare);
        Assert.Equal(GssEncryptionMode.Prefer, set.GssEncryptionMode);
    }

    [Fact]
    public void No_pool_keeps_more_connections_than_it_may_have()
    {
        const string owner = "Host=db;Username=owner;Password=secret;Minimum Pool Size=5";
        Assert.Equal((5, 14), Of(owner) is var groups ? (groups.MinPoolSize, groups.MaxPoolSize) : default);
        Assert.Equal(2, Of(owner, PracticeDatabase.AuditSchema).MinPoolSize);
    }

    [Fact]
    public void Several_servers_are_asked_for_the_one_that_takes_writes_soon_after_it_changed()
    {
        var several = Of("Host=a,b;Username=owner;Password=secret");
        Assert.Equal(("read-write", 1), (several.TargetSessionAttributes, several.HostRecheckSeconds));
        var set = Of("Host=a,b;Username=owner;Password=secret;Target Session Attributes=any;Host Recheck Seconds=5");
        Assert.Equal(("any", 5), (set.TargetSessionAttributes, set.HostRecheckSeconds));
    }

    /// <summary>Operators plan <c>max_connections</c> by this number.</summary>
    [Fact]
    public void All_pools_of_a_host_together_have_as_many_connections_as_the_pages_say()
    {
        var most = ModuleCatalogue
            .Find()
            .Select(module => module.Schema)
            .Append(PracticeDatabase.MessagingSchema)
            .Append(PracticeDatabase.WebSchema)
            .Append(PracticeDatabase.AuditSchema)
            .Sum(schema => Of("Host=db;Username=owner;Password=secret", schema).MaxPoolSize);
        foreach (
            var (file, text) in ((string, string)[])
                [
                    ("docs/scaling.md", $"| **{most}** |"),
                    ("docs/operations/deployment.md", $"{(3 * most) + 10} connections"),
                    ("deploy/compose.yaml", $"at most {most} "),
                ]
        )
            Assert.Contains(text, File.ReadAllText(Path.Combine(Checkout.Folder, file)), StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder Of(string owner, string schema = "groups") =>
        new(TestServer.DatabaseAt(owner).ConnectionStringOf(schema));
}
