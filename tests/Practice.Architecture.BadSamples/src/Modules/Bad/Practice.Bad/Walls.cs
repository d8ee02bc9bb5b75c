using Practice.Groups.Data;
using Practice.Locations.Data;
using Practice.Users.Data;

namespace Practice.Bad
{
    /// <summary>Rule 2: another module, plain to see.</summary>
    internal sealed class BadField
    {
        public GroupsDbContext? Groups { get; init; }
    }

    /// <summary>Rule 2: another module inside an async lambda, which the compiler hides in a state machine of a closure.</summary>
    internal sealed class BadAsyncLambda
    {
        public Func<Task<string>> Ask { get; } = async () =>
        {
            await Task.Yield();
            return LocationsDbContext.SchemaName + typeof(LocationsDbContext).Name;
        };
    }

    /// <summary>Rule 2: another module only as the argument of an attribute.</summary>
    [BadMark(typeof(UsersDbContext))]
    internal sealed class BadAttribute;

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class BadMarkAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }

    /// <summary>Rule 5: public, though nothing asks for it.</summary>
    public sealed class BadPublicService;

    /// <summary>Rule 5: internal, and open.</summary>
    internal class BadUnsealed;

    internal static class BadSql
    {
        /// <summary>Rule 7: another module's tables in SQL text.</summary>
        public static string Join => "select * from bad.things join groups.members on true";

        /// <summary>Rule 7: entering a group by hand.</summary>
        public static string Enter(Guid group) => $"select set_config('app.group_id', '{group}', false)";
    }
}

// Rule 2: in another module's namespace, where prefix rules would take it for that module's.
namespace Practice.Groups.Features.Bad
{
    internal sealed class BadSquatter;
}
