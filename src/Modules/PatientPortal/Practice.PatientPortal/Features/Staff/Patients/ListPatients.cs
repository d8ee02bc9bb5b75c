using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// The patients by family name, then first name, those that are archived or the others, filtered by location,
/// and searched: each word begins a word of the name or email, the code, or the date of birth, or all of it is
/// a phone number. A date in numbers in which the day and the month can be swapped finds both. Members who may
/// not see names search by code only, and get the patients in the order they were added: an order by name would
/// reveal names.
/// </summary>
public sealed record ListPatients(
    Guid GroupId,
    string? Search,
    QueryValue<Guid>? LocationId,
    QueryValue<bool>? Archived,
    Paging Paging
) : Message, ICommand<Page<PatientView>>;

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
        [MaxLength(QueryText.MaxSearchLength)] string? search,
        QueryValue<Guid>? locationId,
        QueryValue<bool>? archived,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListPatients(groupId, search, locationId, archived, paging), ct)).ToHttp(Results.Ok);
}

public static class ListPatientsHandler
{
    public static async Task<ErrorOr<Page<PatientView>>> Handle(
        ListPatients command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search, locationId, archived, paging) = command;
        var after = paging.AfterId();
        var searched = QueryText.Search(nameof(search), search);
        var at = QueryText.Id(nameof(locationId), locationId);
        var away = QueryText.YesOrNo(nameof(archived), archived);
        List<Error> wrong =
        [
            .. after.ErrorsOrEmptyList,
            .. searched.ErrorsOrEmptyList,
            .. at.ErrorsOrEmptyList,
            .. away.ErrorsOrEmptyList,
        ];
        if (wrong.Count > 0)
            return wrong;

        var (hidden, invited) = (work.Caller.May(Access.HidePatientNames), db.OpenInvitations(clock.GetUtcNow()));
        var patients = db.VisiblePatients(groupId).AsNoTracking();
        patients = away.Value
            ? patients.Where(patient => patient.ArchivedAt != null)
            : patients.Where(patient => patient.ArchivedAt == null);
        if (at.Value is { } location)
            patients = patients.Where(patient => patient.LocationId == location);
        if (searched.Value is { } text)
            patients = Search(db, patients, groupId, text, hidden);
        if (after.Value is { } last)
        {
            if (await AfterAsync(db, patients, groupId, last, hidden, ct) is not { } next)
                return Paging.Gone;
            patients = next;
        }

        var rows = await Order(patients, hidden)
            .Take(paging.Limit + 1)
            .Select(patient => new
            {
                Patient = patient,
                Invited = invited.Any(invitation => invitation.PatientId == patient.Id),
            })
            .ToListAsync(ct);
        var page = paging.Page(
            rows,
            row => PatientView.Of(row.Patient, row.Invited, work.Caller),
            row => [row.Patient.Id]
        );
        work.Audit(
            PortalAudit.PatientsListed,
            groupId,
            groupId,
            new { Patients = page.Items.Select(patient => patient.Id) }
        );
        return page;
    }

    /// <summary>Those who are found; members who may not see names find by code only.</summary>
    private static IQueryable<Patient> Search(
        PatientPortalDbContext db,
        IQueryable<Patient> patients,
        Guid groupId,
        string text,
        bool hidden
    )
    {
        var readings = SpelledDates.Readings(text).Select(PhoneWords.ToWord).ToList();
        if (hidden)
        {
            var code = Patient.CodeIn(text);
            patients = patients.Where(patient => patient.Id.ToString().Substring(28).StartsWith(code));
            readings = [Patient.CodePrefix + code];
        }

        var (sought, other) = (readings[0], readings[^1]);
        return readings.Count == 1
            ? patients.Where(patient => db.FindPatients(groupId, sought).Any(found => found.Id == patient.Id))
            : patients.Where(patient =>
                db.FindPatients(groupId, sought)
                    .Select(found => found.Id)
                    .Concat(db.FindPatients(groupId, other).Select(found => found.Id))
                    .Contains(patient.Id)
            );
    }

    /// <summary>Those after the last of a page; null where the caller does not see that one any more.</summary>
    private static async Task<IQueryable<Patient>?> AfterAsync(
        PatientPortalDbContext db,
        IQueryable<Patient> patients,
        Guid groupId,
        Guid last,
        bool hidden,
        CancellationToken ct
    )
    {
        var seen = await db.VisiblePatients(groupId)
            .Where(patient => patient.Id == last)
            .Select(patient => new
            {
                LastName = EF.Property<string>(patient, PatientConfiguration.LastNameKey),
                FirstName = EF.Property<string>(patient, PatientConfiguration.FirstNameKey),
            })
            .SingleOrDefaultAsync(ct);
        if (seen is null)
            return null;
        return hidden
            ? patients.Where(patient => patient.Id > last)
            : patients.Where(patient =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(
                        EF.Property<string>(patient, PatientConfiguration.LastNameKey),
                        EF.Property<string>(patient, PatientConfiguration.FirstNameKey),
                        patient.Id
                    ),
                    ValueTuple.Create(seen.LastName, seen.FirstName, last)
                )
            );
    }

    private static IOrderedQueryable<Patient> Order(IQueryable<Patient> patients, bool hidden) =>
        hidden
            ? patients.OrderBy(patient => patient.Id)
            : patients
                .OrderBy(patient => EF.Property<string>(patient, PatientConfiguration.LastNameKey))
                .ThenBy(patient => EF.Property<string>(patient, PatientConfiguration.FirstNameKey))
                .ThenBy(patient => patient.Id);
}
