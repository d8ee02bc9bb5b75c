using System.Diagnostics.Metrics;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Host;

/// <summary>
/// How many messages wait in each module and for how long, how many have failed, and whether the audit's hash chain
/// goes on, read from the database now and then. While the database does not answer there is no value: an old one would
/// look like a new one.
/// </summary>
internal sealed partial class QueueMetrics : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const string Envelopes = $"{PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes";

    /// <summary>
    /// A message is late once it should have been handled, or was tried in vain and waits for the next try. Since when
    /// is in no column: an id begins with the time at which it was made, in ticks of .NET.
    /// </summary>
    private const string MadeAt = """
        to_timestamp((('x' || left(replace(id::text, '-', ''), 16))::bit(64)::bigint - 621355968000000000) / 10000000.0)
        """;

    /// <summary>
    /// Each part is found by an index: millions of reminders may be scheduled, for weeks ahead. No pause before another
    /// try is longer than twelve hours.
    /// </summary>
    internal const string WaitingSql = $"""
        select received_at, count(*), extract(epoch from max(now() - since)) from (
            select received_at, {MadeAt} as since from {Envelopes} where status = 'Incoming' and owner_id = 0
            union all
            select received_at, {MadeAt} from {Envelopes} where status = 'Incoming' and owner_id <> 0
            union all
            select received_at, case when attempts = 0 then execution_time else {MadeAt} end from {Envelopes}
            where status = 'Scheduled' and execution_time <= now()
            union all
            select received_at, {MadeAt} from {Envelopes}
            where status = 'Scheduled' and execution_time > now() and execution_time < now() + interval '13 hours'
                and attempts > 0
        ) waiting group by received_at
        """;

    private const string Query = $"""
        {WaitingSql};

        select received_at, count(*) from {PracticeDatabase.MessagingSchema}.wolverine_dead_letters
        where replayable is not true group by received_at
        """;

    /// <summary>How long the oldest entry of the audit has waited for its place in the hash chain.</summary>
    private const string AuditQuery = $"""
        select extract(epoch from now() - e.at)
        from {PracticeDatabase.AuditSchema}.unsealed u
            cross join lateral (select at from {PracticeDatabase.AuditSchema}.entries where id = u.entry_id offset 0) e
        order by u.entry_id limit 1
        """;

    private const string EmailQueue = "local://practice.users.mail.delivermail/";
    private const string TextQueue = "local://practice.patientportal.domain.texts.sendtext/";
    private const string Elsewhere = "other";

    private readonly PracticeDatabase _database;
    private readonly ILogger<QueueMetrics> _log;
    private readonly Dictionary<string, string> _moduleOf;
    private readonly string[] _modules;
    private volatile bool _isReachable;
    private volatile Reading? _reading;

    public QueueMetrics(PracticeDatabase database, IMeterFactory meters, ILogger<QueueMetrics> log)
    {
        (_database, _log) = (database, log);
        var queues = PracticeMessaging.QueuesOf(ModuleCatalogue.Find());
        _moduleOf = queues
            .SelectMany(module => module.Select(queue => (queue, module.Key.Schema)))
            .ToDictionary(queue => queue.queue, queue => queue.Schema);
        _modules = [.. queues.Select(module => module.Key.Schema).Distinct(), Elsewhere];

        var meter = meters.Create(PracticeTelemetry.Name);
        meter.CreateObservableGauge(
            "practice.database.reachable",
            () => _isReachable ? 1 : 0,
            description: "1 if the database answered a moment ago."
        );
        meter.CreateObservableGauge(
            "practice.messages.due",
            () => OfModules(reading => reading.Due),
            "{message}",
            "Messages, other than emails and texts, that should have been handled by now, "
                + "by the module that handles them."
        );
        meter.CreateObservableGauge(
            "practice.messages.lag",
            () => OfModules(reading => reading.Lag),
            "s",
            "How long the oldest of them has waited."
        );
        meter.CreateObservableGauge(
            "practice.messages.dead",
            () => OfModules(reading => reading.Dead),
            "{message}",
            "Messages that failed for good and wait for an operator."
        );
        meter.CreateObservableGauge(
            "practice.emails.due",
            () => Of(reading => reading.Emails.Due),
            "{email}",
            "Emails that should have been sent by now."
        );
        meter.CreateObservableGauge(
            "practice.emails.lag",
            () => Of(reading => reading.Emails.Lag),
            "s",
            "How long the oldest of them has waited."
        );
        meter.CreateObservableGauge(
            "practice.texts.due",
            () => Of(reading => reading.Texts.Due),
            "{text}",
            "Text messages that should have been sent by now."
        );
        meter.CreateObservableGauge(
            "practice.texts.lag",
            () => Of(reading => reading.Texts.Lag),
            "s",
            "How long the oldest of them has waited."
        );
        meter.CreateObservableGauge(
            "practice.audit.lag",
            () => Of(reading => reading.AuditLag),
            "s",
            "How long the oldest entry of the audit has waited for its hash."
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var answers = false;
            try
            {
                await AskAsync(stoppingToken);
                answers = true;
                _reading = await ReadAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // also where the start of the host failed
            }
            catch (Exception failed)
            {
                if (_reading is not null)
                    LogFailed(failed);
                _reading = null;
            }

            _isReachable = answers;
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AskAsync(CancellationToken ct)
    {
        await using var query = _database.For(PracticeDatabase.MessagingSchema).CreateCommand("select 1");
        await query.ExecuteScalarAsync(ct);
    }

    private async Task<Reading> ReadAsync(CancellationToken ct)
    {
        var reading = new Reading(_modules);
        await using var query = _database.For(PracticeDatabase.MessagingSchema).CreateCommand(Query);
        await using var reader = await query.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (queue, due, waited) = (reader.GetString(0), reader.GetInt64(1), (double)reader.GetDecimal(2));
            reading.Add(queue, ModuleOf(queue), due, Math.Max(0, waited));
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            reading.Dead[ModuleOf(reader.IsDBNull(0) ? "" : reader.GetString(0))] += reader.GetInt64(1);

        await using var audit = _database.For(PracticeDatabase.AuditSchema).CreateCommand(AuditQuery);
        reading.AuditLag = await audit.ExecuteScalarAsync(ct) is decimal lag ? Math.Max(0, (double)lag) : 0;
        return reading;
    }

    private string ModuleOf(string queue) => _moduleOf.GetValueOrDefault(queue, Elsewhere);

    private IEnumerable<Measurement<double>> OfModules(Func<Reading, Dictionary<string, double>> values) =>
        _reading is { } reading
            ? values(reading)
                .Select(of => new Measurement<double>(of.Value, new KeyValuePair<string, object?>("module", of.Key)))
            : [];

    private IEnumerable<Measurement<double>> Of(Func<Reading, double> value) =>
        _reading is { } reading ? [new Measurement<double>(value(reading))] : [];

    [LoggerMessage(LogLevel.Warning, "Could not count the waiting messages for the metrics; retrying in 10 s.")]
    private partial void LogFailed(Exception failed);

    /// <summary>Every module has a value, so that an alert finds one.</summary>
    private sealed class Reading(IEnumerable<string> modules)
    {
        public Dictionary<string, double> Due { get; } = modules.ToDictionary(module => module, _ => 0.0);

        public Dictionary<string, double> Lag { get; } = modules.ToDictionary(module => module, _ => 0.0);

        public Dictionary<string, double> Dead { get; } = modules.ToDictionary(module => module, _ => 0.0);

        /// <summary>These wait for somebody else's server, and no page about messages would help.</summary>
        public (double Due, double Lag) Emails { get; private set; }

        public (double Due, double Lag) Texts { get; private set; }

        public double AuditLag { get; set; }

        public void Add(string queue, string module, double due, double lag)
        {
            switch (queue)
            {
                case EmailQueue:
                    Emails = (due, lag);
                    break;
                case TextQueue:
                    Texts = (due, lag);
                    break;
                default:
                    Due[module] += due;
                    Lag[module] = Math.Max(Lag[module], lag);
                    break;
            }
        }
    }
}
