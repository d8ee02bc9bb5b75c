using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Practice.Resilience.Tests;

/// <summary>
/// A shorter limit for commands that name a table of one database, so that a test need not wait a whole minute.
/// </summary>
internal sealed class CommandLimit
    : IObserver<DiagnosticListener>,
        IObserver<KeyValuePair<string, object?>>,
        IDisposable
{
    private readonly string _database;
    private readonly string _table;
    private readonly int _seconds;
    private readonly List<IDisposable> _subscriptions = [];

    public CommandLimit(string connectionString, string table, int seconds)
    {
        (_database, _table, _seconds) = (new NpgsqlConnectionStringBuilder(connectionString).Database!, table, seconds);
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            _subscriptions.Add(value.Subscribe(this));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (
            value is { Key: var key, Value: CommandEventData { Command: var command } }
            && key == RelationalEventId.CommandExecuting.Name
            && command.Connection?.Database == _database
            && command.CommandText.Contains(_table, StringComparison.Ordinal)
        )
            command.CommandTimeout = _seconds;
    }

    void IObserver<DiagnosticListener>.OnCompleted() { }

    void IObserver<DiagnosticListener>.OnError(Exception error) { }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted() { }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error) { }
}
