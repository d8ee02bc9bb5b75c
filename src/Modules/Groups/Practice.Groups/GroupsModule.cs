using Practice.Shared;
using Practice.Groups.Data;

namespace Practice.Groups;

internal sealed class GroupsModule : Module<GroupsDbContext>
{
    public override string Schema => GroupsDbContext.SchemaName;
}
