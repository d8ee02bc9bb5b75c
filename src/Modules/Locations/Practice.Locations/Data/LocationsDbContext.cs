using Microsoft.EntityFrameworkCore;
using Practice.Locations.Domain;
using Practice.Shared.Persistence;

namespace Practice.Locations.Data;

public sealed class LocationsDbContext(DbContextOptions<LocationsDbContext> options) : ModuleDbContext(options)
{
    public const string SchemaName = "locations";

    public override string Schema => SchemaName;

    public DbSet<Location> Locations => Set<Location>();
}
