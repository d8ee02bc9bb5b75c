using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Locations.Domain;
using Practice.Time;

namespace Practice.Locations.ContractHandlers;

public static class FindLocationsHandler
{
    public static async Task<LocationsAnswer> Handle(
        FindLocations query,
        LocationsDbContext db,
        CancellationToken ct
    ) =>
        await db
            .Locations.Where(location => location.GroupId == query.GroupId && query.LocationIds.Contains(location.Id))
            .ToAnswerAsync(ct);
}

public static class ListLocationsHandler
{
    public static async Task<LocationsAnswer> Handle(
        ListLocations query,
        LocationsDbContext db,
        CancellationToken ct
    ) => await db.Locations.Where(location => location.GroupId == query.GroupId).ToAnswerAsync(ct);
}

internal static class LocationQueries
{
    public static async Task<LocationsAnswer> ToAnswerAsync(this IQueryable<Location> locations, CancellationToken ct)
    {
        var found = await locations
            .AsNoTracking()
            .Select(location => new
            {
                location.Id,
                location.Name,
                Archived = location.ArchivedAt != null,
                location.TimeZone,
                location.Hours,
            })
            .ToListAsync(ct);
        return new([
            .. found.Select(location => new LocationFacts(
                location.Id,
                location.Name,
                location.Archived,
                location.TimeZone,
                location.Hours?.ToStretches()
            )),
        ]);
    }
}

public static class AddFirstLocationHandler
{
    public static async Task<ErrorOr<FirstLocationAdded>> Handle(
        AddFirstLocation command,
        LocationsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (!ZoneNames.IsIana(command.TimeZone))
            return ApiError.Unprocessable("locations.unknown_time_zone", "The time zone is not an IANA time zone.");

        if (!await db.Locations.AnyAsync(location => location.Id == command.LocationId, ct))
        {
            db.Locations.Add(
                Location.Open(command.LocationId, command.GroupId, command.Name, command.TimeZone, clock.GetUtcNow())
            );
            work.Audit(LocationAudit.Created, command.LocationId, command.GroupId);
            await work.TellWebhooksAsync(
                new LocationChanged(command.GroupId, command.LocationId, LocationStep.Created)
            );
        }

        return new FirstLocationAdded(command.LocationId);
    }
}
