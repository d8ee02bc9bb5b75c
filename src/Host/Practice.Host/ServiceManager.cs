using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace Practice.Host;

/// <summary>What systemd asks of a service: to say when it is ready, and how grave each line of its log is.</summary>
internal static class ServiceManager
{
    /// <summary>
    /// Whether what this process writes goes to the journal. Children inherit the first variable; a command whose
    /// output goes elsewhere has the second alone.
    /// </summary>
    public static bool KeepsTheLog { get; } =
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null
        && Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID")
            == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Ends the wait of <c>systemctl start</c> (<c>Type=notify</c>).</summary>
    public static void TellReady()
    {
        try
        {
            new SystemdNotifier().Notify(ServiceState.Ready);
        }
        catch (SocketException) // of a service that started this process and is over: nobody waits
        { }
    }

    /// <summary>How a line begins that has this priority in the journal.</summary>
    public static string Prefix(LogLevel level) =>
        level switch
        {
            LogLevel.Critical => "<2>",
            LogLevel.Error => "<3>",
            LogLevel.Warning => "<4>",
            LogLevel.Information => "<6>",
            _ => "<7>",
        };
}
