using Microsoft.EntityFrameworkCore;
using Practice.Shared.Authority;
using Practice.Shared.Persistence;

namespace Practice.Users.Data;

public sealed class UsersDbContext(DbContextOptions<UsersDbContext> options, CallContext call) : ModuleDbContext(options, call)
{
    public const string SchemaName = "users";

    public override string Schema => SchemaName;
}
