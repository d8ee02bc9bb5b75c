using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Requests;

/// <summary>Adds a note on the patient's health, for one practice or for all that the account is linked to.</summary>
public sealed record AddHealthNote(Guid AccountId, Body<NewHealthNote> Body) : Message, ICommand<NewResource>;

/// <param name="GroupId">The practice; without it every one that the account is linked to.</param>
public sealed record NewHealthNote(string? Text, Guid? GroupId);

internal sealed class NewHealthNoteValidator : AbstractValidator<NewHealthNote>
{
    private const int MaxLength = 4_000;

    public NewHealthNoteValidator() => RuleFor(note => note.Text).RequiredMultilineText(MaxLength);
}

internal sealed class AddHealthNoteEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts/{accountId:guid}/health-notes", Post)
            .RequireAccount(edit: true, clinical: true)
            .WithName(nameof(AddHealthNote))
            .WithTags("Portal records")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid accountId,
        Body<NewHealthNote> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AddHealthNote(accountId, body), ct)).ToHttp(made =>
            Results.Created($"/api/portal/accounts/{accountId}/health-notes", made)
        );
}

public static class AddHealthNoteHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AddHealthNote command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (accountId, groupId) = (command.AccountId, read.Value.GroupId);
        var linked = await db.LockLinkedPatientsAsync(work, accountId, groupId, forChange: false, ct);
        var patients = linked.OnePerPractice();
        if (patients.Count == 0)
            return PortalErrors.NotAPatientThere;

        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var now = clock.GetUtcNow();
        var name = await AccessLogging.RecordAsync(
            db,
            work,
            account,
            AccessLogAction.HealthNoteAdded,
            now,
            subjectId: null,
            ct
        );
        var sender = (work.Caller.UserId, name);
        var notes = patients.ConvertAll(patient =>
            PortalRequest.Send(
                patient,
                account.Id,
                RequestKind.HealthNote,
                read.Value.Text!.Trim(),
                sender,
                account.Name,
                now
            )
        );
        db.Requests.AddRange(notes);
        work.Audit(PortalAudit.HealthNoteAdded, account.Id, null, new { ids = notes.Select(note => note.Id) });
        foreach (var note in notes)
        {
            await messages.PublishAsync(new RequestArrived(note.GroupId, note.Id));
            await work.TellWebhooksAsync(note.ToEvent(RequestStep.Received));
        }

        return new NewResource(notes[0].Id);
    }
}
