using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Practice.Groups.Tests;

/// <summary>
/// What the modules' contexts send to one database. Statements that are sent together, such as all inserts of one save,
/// count once.
/// </summary>
internal sealed class CountedStatements
    : IObserver<DiagnosticListener>,
        IObserver<KeyValuePair<string, object?>>,
        IDisposable
{
    private readonly ConcurrentQueue<(string Context, string Text)> _sent = new();
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];
    private readonly string _database;

    public CountedStatements(string connectionString)
    {
        _database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void Reset() => _sent.Clear();

    /// <param name="text">What the statements contain.</param>
    public int Of(string context, string text = "") =>
        _sent.Count(sent => sent.Context == context && sent.Text.Contains(text, StringComparison.Ordinal));

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener listener)
    {
        if (listener.Name == DbLoggerCategory.Name)
            _subscriptions.Add(listener.Subscribe(this));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> happened)
    {
        if (
            happened.Key == RelationalEventId.CommandExecuting.Name
            && happened.Value is CommandEventData { Context: { } context } command
            && command.Command.Connection?.Database == _database
        )
            _sent.Enqueue((context.GetType().Name, command.Command.CommandText));
    }

    void IObserver<DiagnosticListener>.OnCompleted() { }

    void IObserver<DiagnosticListener>.OnError(Exception error) { }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted() { }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error) { }
}
