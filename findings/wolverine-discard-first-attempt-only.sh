#!/usr/bin/env bash
# Package:   WolverineFx 6.62.0 (with WolverineFx.RuntimeCompilation 6.62.0, .NET 10)
# Behaviour: OnException<T>().Discard() holds for a message's first attempt. Where an earlier attempt failed with another
#            exception and was tried again, a T moves the message to the error queue.
# Expected:  A T is discarded whenever it comes: the rule names an exception, and no attempt.
# Why it matters: "this was done already" is discarded in each test, and makes dead letters on the day that the database
#            restarts in the middle.
# Seen:      at the first attempt:  0 moved to the error queue
#            at the second attempt: 1 moved to the error queue
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="WolverineFx" Version="6.62.0" />
    <PackageReference Include="WolverineFx.RuntimeCompilation" Version="6.62.0" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Tracking;

using var host = await Host.CreateDefaultBuilder()
    .ConfigureLogging(log => log.ClearProviders())
    .UseWolverine(options =>
    {
        options.Policies.OnException<Busy>().RetryTimes(3);
        options.Policies.OnException<Done>().Discard();
    })
    .StartAsync();

var first = await MovedAsync(new BookRoom(BusyTimes: 0));
var second = await MovedAsync(new BookRoom(BusyTimes: 1));
Console.WriteLine($"at the first attempt:  {first} moved to the error queue");
Console.WriteLine($"at the second attempt: {second} moved to the error queue");
return first == 0 && second == 1 ? 0 : 1;

async Task<int> MovedAsync(BookRoom message)
{
    var session = await host.TrackActivity().DoNotAssertOnExceptionsDetected().PublishMessageAndWaitAsync(message);
    return session.MovedToErrorQueue.MessagesOf<BookRoom>().Count();
}

public class Busy : Exception;

public class Done : Exception;

public record BookRoom(int BusyTimes);

public static class BookRoomHandler
{
    public static void Handle(BookRoom message, Envelope envelope)
    {
        if (envelope.Attempts <= message.BusyTimes)
            throw new Busy();
        throw new Done();
    }
}
CS
dotnet build --nologo -v quiet -clp:NoSummary >build.log 2>&1 || { cat build.log; exit 2; }
dotnet bin/Debug/net10.0/Finding.dll || { echo "The behaviour has changed."; exit 1; }
