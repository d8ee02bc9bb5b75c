using Npgsql;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Postgresql;

namespace Practice.Host;

/// <summary>Has Wolverine make its own tables, as the database's owner: the running host's role may not.</summary>
internal static class MessagingTables
{
    public static async Task MakeAsync(NpgsqlDataSource owner)
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
