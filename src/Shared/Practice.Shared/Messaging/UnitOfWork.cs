using System.Text.Json;
using ErrorOr;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Practice.Messages;
using Practice.Shared.Audit;
using Practice.Shared.Authority;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime;

namespace Practice.Shared.Messaging;

/// <summary>
/// Raised where a message turns out to have been handled before, such as by an attempt whose commit was answered by nothing
/// but a broken connection. What this attempt did is undone, and the message is done with.
/// </summary>
public sealed class AlreadyHandledException : Exception;

/// <summary>
/// The transaction around a handler: the change, its audit entries, the events it publishes and the mark on the message
/// that it handles are committed together or not at all. An answer with errors rolls back and sends nothing.
/// </summary>
public sealed class UnitOfWork : IEnvelopeTransaction, IAsyncDisposable
{
    private readonly ModuleDbContext _db;
    private readonly MessageContext _messages;
    private readonly TimeProvider _clock;
    private IDbContextTransaction? _transaction;
    private bool _committed;

    private UnitOfWork(ModuleDbContext db, MessageContext messages, TimeProvider clock) =>
        (_db, _messages, _clock) = (db, messages, clock);

    /// <summary>Why the caller was not let in; null where the handler may go on.</summary>
    public Error? Refusal { get; private set; }

    /// <summary>Who is asking.</summary>
    public Caller Caller => _db.Call.Caller;

    /// <summary>Begins the transaction and enters: as the caller whose admission the message brings, else as the system in the message's group.</summary>
    public static async Task<UnitOfWork> BeginAsync(
        ModuleDbContext db,
        MessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var work = new UnitOfWork(db, messages, clock);
        var envelope = messages.Envelope!;
        db.Call.ActFor(Admission.ReadFrom(envelope.Headers), (envelope.Message as IInGroup)?.GroupId);
        if (db.Call.Admission is { TokenHash: null })
        {
            work.Refusal = Refusals.NotSignedIn;
            return work;
        }

        await messages.EnlistInOutboxAsync(work);
        work._transaction = await db.Database.BeginTransactionAsync(ct);
        if (db.Call.Admission is { } admission)
            await work.EnterAsync(admission, ct);
        else if (db.Call.SystemGroup is { } group)
            await work.EnterGroupAsync(group, ct);
        return work;
    }

    /// <summary>
    /// Goes on in a group in which the caller is not (yet) a member, as the system: for the slices whose very point it is
    /// (creating a group, answering an invitation). They must have made sure that the caller may.
    /// </summary>
    public async Task EnterGroupAsync(Guid groupId, CancellationToken ct)
    {
        await using var command = Command(EnterSql.System);
        EnterSql.AddGroup(command, groupId);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>As <see cref="EnterGroupAsync"/>, in a portal account: for the portal's slices and reactions that act for nobody who has it open.</summary>
    public async Task EnterAccountAsync(Guid accountId, CancellationToken ct)
    {
        await using var command = Command(EnterSql.SystemInAccount);
        EnterSql.AddAccount(command, accountId);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>As <see cref="EnterGroupAsync"/>, for the rows that are a person's own: for reactions to what has become of that person.</summary>
    public async Task EnterPersonAsync(Guid userId, CancellationToken ct)
    {
        await using var command = Command(EnterSql.SystemForPerson);
        EnterSql.AddPerson(command, userId);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>As <see cref="EnterPersonAsync"/>, for what waits for whoever proves an address: the caller must know that somebody has.</summary>
    public async Task EnterAddressAsync(string normalizedEmail, CancellationToken ct)
    {
        await using var command = Command(EnterSql.SystemForAddress);
        EnterSql.AddEmail(command, normalizedEmail);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Asks once more whether the caller would be let in, now that the handler has changed by what that is decided: whoever
    /// would lock themselves out is refused. Saves what was changed; nothing is committed.
    /// </summary>
    public async Task<Error?> RefuseNowAsync(CancellationToken ct)
    {
        await _db.SaveChangesAsync(ct);
        await EnterAsync(_db.Call.Admission!, ct);
        return Refusal;
    }

    /// <summary>Records the act for the audit, to be committed with it.</summary>
    /// <param name="act">What was done, as <c>module.act</c>.</param>
    /// <param name="subjectId">To whom or what.</param>
    /// <param name="groupId">In which practice group, if any.</param>
    /// <param name="details">Codes and ids that tell the change; no names, no clinical text.</param>
    /// <param name="by">Who did it, where nobody is signed in but the act itself shows who it is: the follower of a mailed link.</param>
    public void Audit(string act, Guid subjectId, Guid? groupId, object? details = null, Guid? by = null) =>
        _db.Add(
            new AuditEntry
            {
                Id = Guid.CreateVersion7(_clock.GetUtcNow()),
                At = _clock.GetUtcNow(),
                GroupId = groupId,
                ActorId = Caller.UserId ?? by,
                Authority =
                    Caller.Portal is { } portal ? AuthorityIn(portal)
                    : Caller.UserId is null
                        ? by is null ? "system"
                            : by == subjectId ? "self"
                            : "member"
                    : Caller.GroupId is null ? "self"
                    : Caller.IsOwner ? "owner"
                    : "member",
                Act = act,
                SubjectId = subjectId,
                Details = details is null ? null : JsonSerializer.Serialize(details, AuditEntry.Json),
            }
        );

    /// <summary>Saves and commits what the handler did, then lets its messages go; with errors in the answer, undoes it all.</summary>
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
        catch (DbUpdateConcurrencyException raced) when (raced.Entries is [{ Entity: IncomingEnvelopeRow }])
        {
            throw new AlreadyHandledException();
        }

        if (answer is IErrorOr kept)
            await KeyedCall.KeepAnswerAsync(envelope.Headers, kept, Command, ct);
        await _transaction!.CommitAsync(CancellationToken.None); // a caller who gives up now must not leave it open whether this happened
        _committed = true;
        if (envelope.WasPersistedInInbox)
            envelope.Status = EnvelopeStatus.Handled;
        await _messages.FlushOutgoingMessagesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // What was not committed must not be sent either, by this attempt or with the next one's messages.
        if (!_committed)
            await _messages.ClearAllAsync();
        if (_transaction is not null)
            await _transaction.DisposeAsync();
    }

    private static string AuthorityIn(PortalEntry portal) =>
        portal.Relation switch
        {
            PortalRelation.Self => "self",
            PortalRelation.Guardian => "guardian",
            _ => "grant",
        };

    private async Task EnterAsync(Admission admission, CancellationToken ct)
    {
        await using var command = Command(EnterSql.For(admission));
        EnterSql.AddParameters(command, admission, _clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var verdict = await EnterSql.ReadVerdictAsync(reader, admission, ct);
        if (verdict.IsError)
            Refusal = verdict.FirstError;
        else
            _db.Call.LetIn(verdict.Value);
    }

    private NpgsqlCommand Command(string text) =>
        new(
            text,
            (NpgsqlConnection)_db.Database.GetDbConnection(),
            (NpgsqlTransaction)_transaction!.GetDbTransaction()
        );

    /// <summary>The mark keeps the message from being handled twice; its text goes, since it may name people.</summary>
    private void MarkHandled(Envelope envelope)
    {
        var row = IncomingEnvelopeRow.Of(envelope);
        row.Status = nameof(EnvelopeStatus.Incoming);
        var entry = _db.Attach(row);
        row.Status = nameof(EnvelopeStatus.Handled);
        row.KeepUntil = _clock.GetUtcNow() + _messages.Runtime.Options.Durability.KeepAfterMessageHandling;
        row.Body = [];
        entry.Property(envelopeRow => envelopeRow.Body).IsModified = true;
    }

    Task IEnvelopeTransaction.PersistIncomingAsync(Envelope envelope)
    {
        _db.Add(IncomingEnvelopeRow.Of(envelope));
        return Task.CompletedTask;
    }

    Task IEnvelopeTransaction.PersistOutgoingAsync(Envelope envelope)
    {
        _db.Add(OutgoingEnvelopeRow.Of(envelope));
        return Task.CompletedTask;
    }

    Task IEnvelopeTransaction.PersistOutgoingAsync(Envelope[] envelopes)
    {
        _db.AddRange(envelopes.Select(OutgoingEnvelopeRow.Of));
        return Task.CompletedTask;
    }

    async ValueTask IEnvelopeTransaction.RollbackAsync()
    {
        if (_transaction is not null)
            await _transaction.RollbackAsync();
    }

    Task<bool> IEnvelopeTransaction.TryMakeEagerIdempotencyCheckAsync(
        Envelope envelope,
        DurabilitySettings settings,
        CancellationToken cancellation
    ) => Task.FromResult(true);
}
