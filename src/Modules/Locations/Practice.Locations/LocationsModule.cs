using Practice.Shared;
using Practice.Locations.Data;

namespace Practice.Locations;

internal sealed class LocationsModule : Module<LocationsDbContext>
{
    public override string Schema => LocationsDbContext.SchemaName;
}
