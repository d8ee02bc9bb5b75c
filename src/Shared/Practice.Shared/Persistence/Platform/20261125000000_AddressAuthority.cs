using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Rows that wait until an address is confirmed are visible only to the system, acting for the person who confirmed it.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261125000000_AddressAuthority")]
internal sealed class AddressAuthority : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create function authority.enter_address_as_system(p_email text) returns void
            language plpgsql security definer set search_path = '' as $$
            begin
                perform pg_catalog.set_config('app.email', p_email, true);
            end $$;
            revoke all on function authority.enter_address_as_system(text) from public;
            """
        );
}
