using Microsoft.EntityFrameworkCore;
using Practice.Shared.Authority;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data;

public sealed class GroupsDbContext(DbContextOptions<GroupsDbContext> options, CallContext call) : ModuleDbContext(options, call)
{
    public const string SchemaName = "groups";

    public override string Schema => SchemaName;
}
