using Practice.Shared;
using Practice.Users.Data;

namespace Practice.Users;

internal sealed class UsersModule : Module<UsersDbContext>
{
    public override string Schema => UsersDbContext.SchemaName;
}
