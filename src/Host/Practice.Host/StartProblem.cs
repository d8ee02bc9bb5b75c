using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using Practice.EmbeddedPostgres;

namespace Practice.Host;

/// <summary>Says in one line why the host can't start, where whoever started it can do something about it.</summary>
internal static class StartProblem
{
    private const string ConfigurationBinder = "Microsoft.Extensions.Configuration.Binder";

    /// <returns>Null for a fault of our own, which keeps its stack trace.</returns>
    public static string? InOneLine(Exception problem) => Describe(problem)?.ReplaceLineEndings(" ");

    private static string? Describe(Exception problem) =>
        problem switch
        {
            SettingException or EmbeddedPostgresException => problem.Message,
            OptionsValidationException invalid => string.Join(' ', invalid.Failures),
            AggregateException several
                when several.InnerExceptions.Select(Describe).ToArray() is var lines && !lines.Contains(null) =>
                string.Join(' ', lines),
            InvalidOperationException { Source: ConfigurationBinder } => problem.Message,
            PostgresException refused when IsTheServersWord(refused.SqlState) =>
                $"ConnectionStrings:Practice: the database refuses: {refused.MessageText}.",
            NpgsqlException away and not PostgresException =>
                $"ConnectionStrings:Practice: the database can't be reached: {away.Message}.",
            IOException { InnerException: AddressInUseException } or SocketException => problem.Message,
            _ => null,
        };

    /// <summary>Who may come in, whether the database is there and has room; anything else is a fault of a migration's, which must be seen whole.</summary>
    private static bool IsTheServersWord(string sqlState) =>
        sqlState is PostgresErrorCodes.InsufficientPrivilege || sqlState[..2] is "28" or "3D" or "53" or "57";
}
