using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>What an operator's connection string says holds for every module's own connections.</summary>
public sealed class PoolTests
{
    [Fact]
    public void What_it_names_is_kept_and_the_rest_is_ours()
    {
        var ours = Of("Host=db;Username=owner;Password=secret");
        Assert.Equal((18, 5, 10), (ours.MaxPoolSize, ours.Timeout, ours.CommandTimeout));
        Assert.Equal("practice_groups", ours.Username);
        Assert.NotEqual("secret", ours.Password);

        var named = Of("Host=db;Username=owner;Password=secret;MaxPoolSize=7;Timeout=2;Command Timeout=60");
        Assert.Equal((7, 2, 60), (named.MaxPoolSize, named.Timeout, named.CommandTimeout));
    }

    private static NpgsqlConnectionStringBuilder Of(string owner) =>
        new(new PracticeDatabase(owner).ConnectionStringOf("groups"));
}
