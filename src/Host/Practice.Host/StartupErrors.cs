using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using Practice.EmbeddedPostgres;
using Practice.Shared.Persistence;

namespace Practice.Host;

/// <summary>The host cannot start. The message is one line that tells the operator why and what to do.</summary>
internal class StartupException(string message) : Exception(message);

/// <summary>A setting that the host cannot start with. The message begins with the setting's key.</summary>
internal sealed class SettingException(string key, string problem) : StartupException($"{key} {problem}");

/// <summary>Errors at start that the operator can fix, as one line instead of a stack trace.</summary>
internal static class StartupErrors
{
    private const string ConfigurationBinder = "Microsoft.Extensions.Configuration.Binder";

    /// <returns>Null for a bug, which keeps its stack trace.</returns>
    public static string? Describe(Exception exception) => FindMessage(exception)?.ReplaceLineEndings(" ");

    private static string? FindMessage(Exception exception) =>
        exception switch
        {
            StartupException or EmbeddedPostgresException or EncryptionKeyException or RoleRightsException =>
                exception.Message,
            OptionsValidationException invalid => string.Join(' ', invalid.Failures),
            AggregateException several
                when several.InnerExceptions.Select(FindMessage).ToArray() is var messages
                    && !messages.Contains(null) => string.Join(' ', messages),
            InvalidOperationException { Source: ConfigurationBinder } => exception.Message,
            NpgsqlException when DatabaseFaults.TakesNoWrites(exception) =>
                "ConnectionStrings:Practice leads to a server that takes no writes: a standby, or one that is set to "
                    + "read-only. Name the primary, or all servers; or end read-only.",
            PostgresException rejected when IsAccessOrCapacityError(rejected.SqlState) =>
                $"ConnectionStrings:Practice: the database reports: {rejected.MessageText}.",
            NpgsqlException and not PostgresException =>
                $"ConnectionStrings:Practice: could not connect to the database: {exception.Message}.",
            IOException { InnerException: AddressInUseException } or SocketException => exception.Message,
            _ => null,
        };

    /// <summary>
    /// Missing rights, authentication (28), missing database (3D), resources (53), shutdown (57). Any other error is a
    /// bug in a migration.
    /// </summary>
    private static bool IsAccessOrCapacityError(string sqlState) =>
        sqlState is PostgresErrorCodes.InsufficientPrivilege || sqlState[..2] is "28" or "3D" or "53" or "57";
}
