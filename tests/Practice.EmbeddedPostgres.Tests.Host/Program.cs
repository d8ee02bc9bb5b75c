// A host to be killed: starts the server on the folder it is given, says how to reach it, and waits for its end.

using Microsoft.Extensions.Logging.Abstractions;
using Practice.EmbeddedPostgres;

await using var server = await EmbeddedPostgresServer.StartAsync(
    new() { DataDirectory = args[0] },
    NullLogger.Instance
);
Console.WriteLine(server.ConnectionString);
await Console.In.ReadToEndAsync();
