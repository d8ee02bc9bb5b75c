// A host for tests to kill: starts the server in the given folder, prints the connection string and waits.

using Microsoft.Extensions.Logging.Abstractions;
using Practice.EmbeddedPostgres;

await using var server = await EmbeddedPostgresServer.StartAsync(
    new() { DataDirectory = args[0] },
    NullLogger.Instance
);
Console.WriteLine(server.ConnectionString);
await Console.In.ReadToEndAsync();
