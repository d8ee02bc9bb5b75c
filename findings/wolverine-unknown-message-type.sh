#!/usr/bin/env bash
# Package:   WolverineFx 6.62.0 with WolverineFx.Sqlite 6.62.0 (.NET 10)
# Behaviour: A stored message whose type the application no longer has (it was renamed or moved to another namespace while
#            the message was scheduled) is marked as Handled. No handler runs, no dead letter is written. The column
#            message_type alone decides: the type name inside the stored body is not looked at.
# Expected:  It is moved to the dead letters, or at least an error is logged and the message stays.
# Why it matters: a rename loses every message that waits.
# Seen:      by default (UnknownMessageBehavior.LogOnly): Handled; with UnknownMessageBehavior.DeadLetterQueue it is moved
#            to the dead letters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >app.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <ImplicitUsings>enable</ImplicitUsings>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="WolverineFx" Version="6.62.0" />
    <PackageReference Include="WolverineFx.RuntimeCompilation" Version="6.62.0" />
    <PackageReference Include="WolverineFx.Sqlite" Version="6.62.0" />
  </ItemGroup>
</Project>
XML

cat >Program.cs <<'CS'
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Sqlite;

var asDefault = await After(configure: _ => { });
var asDeadLetter = await After(options => options.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue);
Console.WriteLine($"default:         {asDefault}");
Console.WriteLine($"DeadLetterQueue: {asDeadLetter}");
return asDefault == (1, 0, 0) && asDeadLetter.DeadLetters == 1 && asDeadLetter.Runs == 0 ? 0 : 1;

static async Task<(long Handled, long DeadLetters, int Runs)> After(Action<WolverineOptions> configure)
{
    var database = $"Data Source={Path.GetRandomFileName()}.db";
    ReminderHandler.Runs = 0;
    using (var before = Start(database, _ => { }))
    {
        await before.StartAsync();
        await before.Services.GetRequiredService<IMessageBus>().ScheduleAsync(new Reminder("tomorrow"), TimeSpan.FromDays(1));
        await before.StopAsync();
    }

    // The release that follows has renamed the type: the name that was stored is unknown to it.
    await Execute(database, "update wolverine_incoming_envelopes set message_type = 'Clinic.Old.Reminder', execution_time = datetime('now', '-1 minute')");
    using var after = Start(database, configure);
    await after.StartAsync();
    for (var wait = 0; wait < 100 && await Count(database, "wolverine_incoming_envelopes where status <> 'Handled'") > 0; wait++)
        await Task.Delay(200);
    var seen = (
        await Count(database, "wolverine_incoming_envelopes where status = 'Handled'"),
        await Count(database, "wolverine_dead_letters"),
        ReminderHandler.Runs
    );
    await after.StopAsync();
    return seen;
}

static IHost Start(string database, Action<WolverineOptions> configure) =>
    Host.CreateDefaultBuilder()
        .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
        .UseWolverine(options =>
        {
            options.PersistMessagesWithSqlite(database);
            options.Policies.UseDurableLocalQueues();
            options.Durability.Mode = DurabilityMode.Solo;
            options.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(200);
            options.Discovery.IncludeType<ReminderHandler>();
            configure(options);
        })
        .Build();

static async Task<long> Count(string database, string from)
{
    await using var connection = new SqliteConnection(database);
    await connection.OpenAsync();
    await using var command = connection.CreateCommand();
    command.CommandText = $"select count(*) from {from}";
    return (long)(await command.ExecuteScalarAsync())!;
}

static async Task Execute(string database, string sql)
{
    await using var connection = new SqliteConnection(database);
    await connection.OpenAsync();
    await using var command = connection.CreateCommand();
    command.CommandText = sql;
    await command.ExecuteNonQueryAsync();
}

public sealed record Reminder(string Text);

public sealed class ReminderHandler
{
    public static int Runs;

    public static void Handle(Reminder reminder) => Runs++;
}
CS
dotnet run --nologo -v quiet
