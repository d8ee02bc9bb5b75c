using Npgsql;
using Practice.Shared.Hosting;
using Wolverine;
using Wolverine.Persistence.Durability;

namespace Practice.Host;

/// <summary>Has Wolverine create its tables as the database's owner: the host's own role may not.</summary>
internal static class MessagingTables
{
    public static async Task CreateAsync(NpgsqlDataSource owner)
    {
        using var host = new HostBuilder()
            .UseWolverine(options =>
            {
                options.StoreMessagesIn(owner);
                options.Discovery.DisableConventionalDiscovery();
            })
            .Build();
        await host.Services.GetRequiredService<IMessageStore>().Admin.MigrateAsync();
    }
}
