using Practice.Shared;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal;

internal sealed class PatientPortalModule : Module<PatientPortalDbContext>
{
    public override string Schema => PatientPortalDbContext.SchemaName;
}
