using System.Text.Json;
using ErrorOr;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Messages;
using Practice.Shared.Audit;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.EntityFrameworkCore.Internals;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime;

namespace Practice.Shared.Messaging;

/// <summary>
/// The message was handled before, for example by an attempt that committed just before its connection broke. What this
/// attempt did is rolled back, and the message is discarded.
/// </summary>
public sealed class AlreadyHandledException : Exception;

/// <summary>
/// The transaction around a handler: its change, audit entries, published events and the mark that the message is
/// handled are committed together or not at all. An answer with errors rolls back and sends nothing.
/// </summary>
public sealed class UnitOfWork : IEnvelopeTransaction, IAsyncDisposable
{
    private const string HandledSql = $"""
        select not exists (
            select from {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes
            where id = $1 and status = 'Incoming'
        )
        """;

    private readonly ModuleDbContext _db;
    private readonly MessageContext _messages;
    private readonly TimeProvider _clock;
    private readonly List<Envelope> _published = [];
    private IDbContextTransaction? _transaction;
    private bool _committed;

    private UnitOfWork(ModuleDbContext db, MessageContext messages, TimeProvider clock) =>
        (_db, _messages, _clock) = (db, messages, clock);

    /// <summary>Why the caller is not authorized; null where the handler may go on.</summary>
    public Error? Denied { get; private set; }

    /// <summary>The time on the host's clock.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Who is asking.</summary>
    public Caller Caller => _db.Call.Caller;

    /// <summary>
    /// Begins the transaction and authorizes: the caller whose request the message brings, else the system in the
    /// group, account or person that the message names.
    /// </summary>
    public static async Task<UnitOfWork> BeginAsync(
        ModuleDbContext db,
        MessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var work = new UnitOfWork(db, messages, clock);
        db.ActFor(messages.Envelope!);
        if (db.Call.Request is { TokenHash: null })
        {
            work.Denied = AuthorizationErrors.NotSignedIn;
            return work;
        }

        await messages.EnlistInOutboxAsync(work);
        work._transaction = await db.Database.BeginTransactionAsync(ct);
        await work.AuthorizeAsync(ct);
        return work;
    }

    /// <inheritdoc cref="CallContext.ActAsSystemIn"/>
    public IDisposable ActAsSystemIn(Guid groupId) => _db.Call.ActAsSystemIn(groupId);

    /// <inheritdoc cref="CallContext.ActInAccount"/>
    public IDisposable ActInAccount(Guid accountId) => _db.Call.ActInAccount(accountId);

    /// <inheritdoc cref="CallContext.ActForPerson"/>
    public IDisposable ActForPerson(Guid userId) => _db.Call.ActForPerson(userId);

    /// <inheritdoc cref="CallContext.ActForAddress"/>
    public IDisposable ActForAddress(string normalizedEmail) => _db.Call.ActForAddress(normalizedEmail);

    /// <summary>
    /// Saves, and authorizes the caller once more by what was just changed: nobody locks themselves out. Nothing is
    /// committed.
    /// </summary>
    /// <returns>Why the caller would no longer be authorized; null where they still are.</returns>
    public async Task<Error?> AuthorizeAgainAsync(CancellationToken ct)
    {
        await _db.SaveChangesAsync(ct);
        _db.Call.ForgetApplied();
        await AuthorizeAsync(ct);
        return Denied;
    }

    /// <summary>Records an act in the audit; it is committed with the act itself.</summary>
    /// <param name="act">What was done.</param>
    /// <param name="subjectId">To whom or what.</param>
    /// <param name="groupId">In which practice group, if any.</param>
    /// <param name="details">Codes and ids that describe the change; no names, no clinical text.</param>
    /// <param name="by">Who did it, for acts without a session: the person who followed a mailed link.</param>
    public void Audit(AuditAct act, Guid subjectId, Guid? groupId, object? details = null, Guid? by = null)
    {
        var now = Now;
        _db.Add(
            new AuditEntry
            {
                Id = Guid.CreateVersion7(now),
                At = now,
                GroupId = groupId,
                ActorId = Caller.UserId ?? by,
                Authority = AuthorityOf(Caller, subjectId, by),
                Act = act.Code,
                SubjectId = subjectId,
                Details = details is null ? null : JsonSerializer.Serialize(details, AuditEntry.Json),
            }
        );
    }

    /// <summary>
    /// Publishes what only webhooks hear. Where the caller's practice has never had one, nothing is stored: a change
    /// would cost twice as much. An event that is committed while the first webhook is being added may not be sent.
    /// </summary>
    public ValueTask TellWebhooksAsync<TEvent>(TEvent happened)
        where TEvent : IForWebhooks =>
        Caller.GroupId == happened.GroupId && !Caller.GroupHasHadWebhook
            ? ValueTask.CompletedTask
            : _messages.PublishAsync(happened);

    /// <summary>What was changed about a row and is not saved yet, for the audit.</summary>
    /// <param name="values">False where they are personal data: then only what was changed is named.</param>
    public IReadOnlyList<AuditChange> ChangesOf(object row, bool values = true) =>
        [
            .. _db.Entry(row)
                .Properties.Where(property => property.IsModified && !property.Metadata.IsConcurrencyToken)
                .Select(property =>
                    AuditChange.Of(property.Metadata.Name, property.OriginalValue, property.CurrentValue, values)
                ),
        ];

    /// <summary>
    /// Whether a row is new, or was changed and is not saved yet. Where it was not, nothing has happened: a handler
    /// then succeeds without an entry in the audit and without events.
    /// </summary>
    public bool HasChanged(object row) =>
        _db.Entry(row).State == EntityState.Added || ChangesOf(row, values: false).Count > 0;

    /// <summary>
    /// The commit waits for no standby, so a fail-over may lose it: for what costs little, and whose answer could not
    /// be given again.
    /// </summary>
    public Task WaitForNoStandbyAsync(CancellationToken ct) =>
        _db.Database.ExecuteSqlRawAsync("set local synchronous_commit = 'local'", ct);

    /// <summary>
    /// Saves and commits what the handler did, then sends its messages. With errors in the answer, rolls all back.
    /// </summary>
    /// <param name="answer">What the handler returned, if anything.</param>
    public async Task CompleteAsync(object? answer, CancellationToken ct)
    {
        if (answer is IErrorOr { IsError: true })
        {
            await _messages.ClearAllAsync();
            return;
        }

        var envelope = _messages.Envelope!;
        if (envelope.WasPersistedInInbox)
            MarkHandled(envelope);

        try
        {
            await _db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException raced) when (raced.Entries is [{ Entity: IncomingMessage }])
        {
            throw new AlreadyHandledException();
        }
        catch (DbUpdateException failed) when (envelope.WasPersistedInInbox && !DatabaseFaults.IsTransient(failed))
        {
            await RollbackAsync();
            // Another copy of the message may have committed first. What it added is in the way before the mark is.
            if (await IsHandledAsync(envelope, ct))
                throw new AlreadyHandledException();
            throw;
        }

        if (answer is IErrorOr kept)
            await IdempotentRequest.KeepAnswerAsync(envelope.Headers, kept, Command, ct);
        // Once commit has begun, a caller who hangs up does not interrupt it.
        await CommitAsync();
        _committed = true;
        if (envelope.WasPersistedInInbox)
            envelope.Status = EnvelopeStatus.Handled;
        await _messages.FlushOutgoingMessagesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // What was not committed must not be sent, by this attempt or with the next one's messages.
        if (!_committed)
            await _messages.ClearAllAsync();
        await RollbackAsync();
    }

    private static AuditAuthority AuthorityOf(Caller caller, Guid subjectId, Guid? by) =>
        caller switch
        {
            { Portal.Relation: PortalRelation.Self } => AuditAuthority.Self,
            { Portal.Relation: PortalRelation.Guardian } => AuditAuthority.Guardian,
            { Portal.Relation: PortalRelation.Granted } => AuditAuthority.Grant,
            { IsClient: true } => AuditAuthority.Client,
            { UserId: null } when by is null => AuditAuthority.System,
            { UserId: null } => by == subjectId ? AuditAuthority.Self : AuditAuthority.Member,
            { GroupId: null } => AuditAuthority.Self,
            { IsOwner: true } => AuditAuthority.Owner,
            _ => AuditAuthority.Member,
        };

    private async Task AuthorizeAsync(CancellationToken ct)
    {
        try
        {
            await RowSecurityInterceptor.AuthorizeAsync(_transaction!.GetDbTransaction(), _db.Call, ct);
        }
        catch (AccessDeniedException denied)
        {
            Denied = denied.Error;
        }
    }

    private async Task CommitAsync()
    {
        try
        {
            using var confirmation = new CommitConfirmation((NpgsqlConnection)_db.Database.GetDbConnection());
            await _transaction!.CommitAsync(CancellationToken.None);
            confirmation.ThrowIfMissing();
        }
        catch (Exception fault) when (DatabaseFaults.IsTransient(fault))
        {
            UncertainCommit.Release(_messages.Runtime, _published);
            throw new UncertainCommitException(fault);
        }
    }

    /// <summary>Where it is not committed.</summary>
    private async Task RollbackAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        _transaction = null;
    }

    private async Task<bool> IsHandledAsync(Envelope envelope, CancellationToken ct)
    {
        var source = _messages
            .Runtime.Services.GetRequiredService<PracticeDatabase>()
            .For(PracticeDatabase.MessagingSchema);
        await using var find = source.CreateCommand(HandledSql);
        find.Parameters.Add(new() { Value = envelope.Id });
        return await find.ExecuteScalarAsync(ct) is true;
    }

    private NpgsqlCommand Command(string text) =>
        new(
            text,
            (NpgsqlConnection)_db.Database.GetDbConnection(),
            (NpgsqlTransaction)_transaction!.GetDbTransaction()
        );

    /// <summary>The mark keeps the message from being handled twice. The database empties its body with that.</summary>
    private void MarkHandled(Envelope envelope)
    {
        var row = new IncomingMessage(envelope) { Status = nameof(EnvelopeStatus.Incoming) };
        _db.Attach(row);
        row.Status = nameof(EnvelopeStatus.Handled);
        row.KeepUntil = _clock.GetUtcNow() + _messages.Runtime.Options.Durability.KeepAfterMessageHandling;
    }

    Task IEnvelopeTransaction.PersistIncomingAsync(Envelope envelope)
    {
        _db.Add(new IncomingMessage(envelope));
        _published.Add(envelope);
        return Task.CompletedTask;
    }

    Task IEnvelopeTransaction.PersistOutgoingAsync(Envelope envelope)
    {
        _db.Add(new OutgoingMessage(envelope));
        return Task.CompletedTask;
    }

    Task IEnvelopeTransaction.PersistOutgoingAsync(Envelope[] envelopes)
    {
        _db.AddRange(envelopes.Select(envelope => new OutgoingMessage(envelope)));
        return Task.CompletedTask;
    }

    async ValueTask IEnvelopeTransaction.RollbackAsync()
    {
        if (_transaction is not null)
            await _transaction.RollbackAsync(CancellationToken.None);
    }

    Task<bool> IEnvelopeTransaction.TryMakeEagerIdempotencyCheckAsync(
        Envelope envelope,
        DurabilitySettings settings,
        CancellationToken cancellation
    ) => Task.FromResult(true);
}
