using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// The patients by family name, searched by name, email or code, filtered by location. Members who may not see names
/// search by code only, and get the patients in the order they were added: an order by name would reveal names.
/// </summary>
public sealed record ListPatients(Guid GroupId, string? Search, string? LocationId, Paging Paging)
    : Message,
        ICommand<Page<PatientView>>;

internal sealed class ListPatientsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients", Get)
            .RequireMember()
            .WithName(nameof(ListPatients))
            .WithTags("Patients")
            .Produces<Page<PatientView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        string? search,
        string? locationId,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListPatients(groupId, search, locationId, paging), ct)).ToHttp(Results.Ok);
}

public static class ListPatientsHandler
{
    private const string CodePrefix = "p-";

    public static async Task<ErrorOr<Page<PatientView>>> Handle(
        ListPatients command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search, locationId, paging) = command;
        var after = paging.AfterTextAndId();
        var searched = QueryText.Search(nameof(search), search);
        var at = QueryText.Id(nameof(locationId), locationId);
        List<Error> wrong = [.. after.ErrorsOrEmptyList, .. searched.ErrorsOrEmptyList, .. at.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return wrong;

        var (hidden, invited) = (work.Caller.May(Access.HidePatientNames), db.OpenInvitations(clock.GetUtcNow()));
        var patients = db.VisiblePatients(groupId).AsNoTracking();
        if (at.Value is { } location)
            patients = patients.Where(patient => patient.LocationId == location);
        if (searched.Value?.ToLowerInvariant() is { } text)
        {
            var code =
                text.StartsWith(CodePrefix, StringComparison.Ordinal) ? text[CodePrefix.Length..]
                : hidden ? text
                : null;
            patients = patients.Where(patient =>
                (code != null && patient.Id.ToString().Substring(28).Contains(code)) // as Patient.Code
                || (!hidden && EF.Property<string>(patient, PatientConfiguration.SearchText).Contains(text))
            );
        }

        if (after.Value is { } last)
        {
            patients = hidden
                ? patients.Where(patient => patient.Id > last.Id)
                : patients.Where(patient =>
                    EF.Functions.GreaterThan(
                        ValueTuple.Create(EF.Property<string>(patient, PatientConfiguration.SortName), patient.Id),
                        ValueTuple.Create(last.Text, last.Id)
                    )
                );
        }

        var ordered = hidden
            ? patients.OrderBy(patient => patient.Id)
            : patients
                .OrderBy(patient => EF.Property<string>(patient, PatientConfiguration.SortName))
                .ThenBy(patient => patient.Id);
        var rows = await ordered
            .Take(paging.Limit + 1)
            .Select(patient => new
            {
                Patient = patient,
                SortName = hidden ? "" : EF.Property<string>(patient, PatientConfiguration.SortName),
                Invited = invited.Any(invitation => invitation.PatientId == patient.Id),
            })
            .ToListAsync(ct);
        var page = paging.Page(
            rows,
            row => PatientView.Of(row.Patient, row.Invited, work.Caller),
            row => [row.SortName, row.Patient.Id]
        );
        work.Audit(
            PortalAudit.PatientsListed,
            groupId,
            groupId,
            new { Patients = page.Items.Select(patient => patient.Id) }
        );
        return page;
    }
}
