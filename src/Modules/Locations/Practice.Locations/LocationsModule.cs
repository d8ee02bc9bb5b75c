using Practice.Locations.Data;
using Practice.Shared;

namespace Practice.Locations;

internal sealed class LocationsModule : Module<LocationsDbContext>
{
    public override string Schema => LocationsDbContext.SchemaName;
}
