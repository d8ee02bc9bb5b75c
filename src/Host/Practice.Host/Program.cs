using Practice.Host;
using Practice.Shared.Persistence;

var builder = WebApplication.CreateBuilder(args);
await using var database = new PracticeDatabase(builder.Configuration.GetConnectionString("Practice")!);
await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
await using var app = PracticeHost.Build(builder, database);
await app.RunAsync();
