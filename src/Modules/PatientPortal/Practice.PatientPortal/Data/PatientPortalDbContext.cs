using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.Shared.Authority;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

public sealed class PatientPortalDbContext(DbContextOptions<PatientPortalDbContext> options, CallContext call) : ModuleDbContext(options, call)
{
    public const string SchemaName = "portal";

    public override string Schema => SchemaName;

    public DbSet<PortalAccount> Accounts => Set<PortalAccount>();
}
