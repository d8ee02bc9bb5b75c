using Npgsql;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Postgresql;

namespace Practice.Host;

/// <summary>Has Wolverine create its tables as the database's owner: the host's own role may not.</summary>
internal static class MessagingTables
{
    public static async Task CreateAsync(NpgsqlDataSource owner)
    {
        using var host = new HostBuilder()
            .UseWolverine(options =>
            {
                options.PersistMessagesWithPostgresql(owner, PracticeDatabase.MessagingSchema);
                options.Discovery.DisableConventionalDiscovery();
            })
            .Build();
        await host.Services.GetRequiredService<IMessageStore>().Admin.MigrateAsync();
    }
}
