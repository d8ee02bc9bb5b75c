using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Resilience.Tests;

/// <summary>Which faults a call is answered 503 for, and a message is tried again after.</summary>
public sealed class DatabaseFaultsTests
{
    /// <summary>Seen with a full disk: "could not write init file", for each new connection.</summary>
    [Theory]
    [InlineData("FATAL", "XX000", true)]
    [InlineData("FATAL", "58030", true)]
    [InlineData("ERROR", "XX000", false)]
    [InlineData("FATAL", "28P01", false)]
    [InlineData("ERROR", "53100", true)]
    public void A_server_that_ends_a_connection_for_its_own_fault_is_away(string severity, string code, bool isAway)
    {
        var fault = new PostgresException("could not write init file", severity, severity, code);

        Assert.Equal(isAway, DatabaseFaults.IsTransient(fault));
        Assert.Equal(!isAway, DatabaseFaults.IsOfTheStatement(fault));
    }
}
