using System.Globalization;
using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Shared.Fhir;
using Location = Practice.Locations.Domain.Location;

namespace Practice.Locations.Features.Fhir;

/// <summary>The practice's locations (https://hl7.org/fhir/R4/location.html), archived ones too.</summary>
internal sealed class ReadFhirLocationsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Location";

    private static readonly FhirType Type = new(
        ResourceType.Location,
        "A site of the practice. An archived one is inactive.",
        Versioned: true,
        new("name", SearchParamType.String, "The beginning of a word of the name, or with :exact the whole name."),
        new("status", SearchParamType.Token, "active or inactive.")
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireMember().ReadsFhir(Type);
        app.MapGet(Path, Get).RequireMember().SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireMember().SearchesFhir(Type);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        FhirSearch search,
        HttpContext http,
        LocationsDbContext db,
        CancellationToken ct
    )
    {
        if (search.Errors.Count > 0)
            return Problems.ToProblem(search.Errors);

        var locations = Narrow(db.Locations.AsNoTracking().Where(location => location.GroupId == groupId), search);
        var rows = await locations
            .PageOf(search, location => location.UpdatedAt, location => location.Id)
            .ToListAsync(ct);
        ErrorOr<FhirPage> page = search.Page(rows, ResourceOf, location =>
            (search.ByChange ? location.UpdatedAt : default, location.Id.ToString())
        );
        return page.ToFhir(http, search);
    }

    private static IQueryable<Location> Narrow(IQueryable<Location> locations, FhirSearch search)
    {
        if (search.Ids() is { } ids)
            locations = locations.Where(location => ids.Contains(location.Id));
        if (search.Codes("status") is { } statuses)
        {
            var (active, inactive) = (statuses.Contains("active"), statuses.Contains("inactive"));
            locations = locations.Where(location => location.ArchivedAt == null ? active : inactive);
        }

        foreach (var (text, exact) in search.Texts("name")) // of a practice's few locations
            locations = exact
                ? locations.Where(location => location.Name == text)
                : locations.Where(location =>
                    (" " + LocationsDbContext.Fold(location.Name)).Contains(" " + LocationsDbContext.Fold(text))
                );
        return locations.ChangedWhen(search, location => location.UpdatedAt);
    }

    private static Hl7.Fhir.Model.Location ResourceOf(Location location) =>
        new()
        {
            Id = location.Id.ToString(),
            Meta = FhirResults.Meta(location.UpdatedAt),
            Status = location.IsArchived
                ? Hl7.Fhir.Model.Location.LocationStatus.Inactive
                : Hl7.Fhir.Model.Location.LocationStatus.Active,
            Name = location.Name,
            Mode = Hl7.Fhir.Model.Location.LocationMode.Instance,
            Telecom = FhirPeople.Telecom(location.Phone, null),
            Address = FhirPeople.Address(location.Address).SingleOrDefault(),
            ManagingOrganization = FhirResults.To(ResourceType.Organization, location.GroupId),
            HoursOfOperation = [.. (location.Hours?.ToStretches() ?? []).Select(HoursOf)],
        };

    private static Hl7.Fhir.Model.Location.HoursOfOperationComponent HoursOf(OpenStretch open) =>
        new()
        {
            DaysOfWeek =
            [
                (DayOfWeek)open.Day switch
                {
                    DayOfWeek.Monday => DaysOfWeek.Mon,
                    DayOfWeek.Tuesday => DaysOfWeek.Tue,
                    DayOfWeek.Wednesday => DaysOfWeek.Wed,
                    DayOfWeek.Thursday => DaysOfWeek.Thu,
                    DayOfWeek.Friday => DaysOfWeek.Fri,
                    DayOfWeek.Saturday => DaysOfWeek.Sat,
                    DayOfWeek.Sunday => DaysOfWeek.Sun,
                    var other => throw new ArgumentOutOfRangeException(nameof(open), other, "Not a day of the week."),
                },
            ],
            OpeningTime = TimeOf(open.OpensAt),
            ClosingTime = TimeOf(open.ClosesAt),
        };

    /// <summary>A time of FHIR ends before 24:00.</summary>
    private static string TimeOf(int minutes) =>
        minutes == 24 * 60
            ? "23:59:59"
            : new TimeOnly(0, 0).AddMinutes(minutes).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
