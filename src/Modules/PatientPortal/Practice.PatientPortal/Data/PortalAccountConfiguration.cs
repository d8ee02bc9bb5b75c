using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Data;

internal sealed class PortalAccountConfiguration : IEntityTypeConfiguration<PortalAccount>
{
    public void Configure(EntityTypeBuilder<PortalAccount> account)
    {
        account.ToTable("accounts");
        account.HasKey(a => a.Id);
        account.Property(a => a.Id).ValueGeneratedNever();
        account.Property(a => a.Version).IsRowVersion();
        account.HasIndex(a => a.UserId).IsUnique();      // nobody has two; dependants' nulls don't collide
    }
}
