using Npgsql;

namespace Practice.Host.Tests;

/// <summary>Options in the operator's connection string apply to the connections of every module.</summary>
public sealed class PoolTests
{
    [Fact]
    public void Options_that_are_set_stay_and_the_others_get_defaults()
    {
        var defaults = Of("Host=db;Username=owner;Password=secret");
        Assert.Equal((14, 5, 10), (defaults.MaxPoolSize, defaults.Timeout, defaults.CommandTimeout));
        Assert.Equal("practice_groups", defaults.Username);
        Assert.NotEqual("secret", defaults.Password);

        var set = Of("Host=db;Username=owner;Password=secret;MaxPoolSize=7;Timeout=2;Command Timeout=60");
        Assert.Equal((7, 2, 60), (set.MaxPoolSize, set.Timeout, set.CommandTimeout));
    }

    private static NpgsqlConnectionStringBuilder Of(string owner) =>
        new(TestServer.DatabaseAt(owner).ConnectionStringOf("groups"));
}
