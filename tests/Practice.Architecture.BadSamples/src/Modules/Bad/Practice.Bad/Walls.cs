using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Practice.Bad;
using Practice.Groups.Data;
using Practice.Locations.Data;
using Practice.Users.Data;

[assembly: BadMark(typeof(GroupsDbContext))]

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
        public Func<Task<string>> Ask { get; } =
            async () =>
            {
                await Task.Yield();
                return LocationsDbContext.SchemaName + typeof(LocationsDbContext).Name;
            };
    }

    /// <summary>Rule 2: another module only as the argument of an attribute.</summary>
    [BadMark(typeof(UsersDbContext))]
    internal sealed class BadAttribute;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class BadMarkAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }

    /// <summary>Rule 2: another module in attributes of what one overlooks: a returned value, a generic parameter, an array in a property.</summary>
    internal sealed class BadAttributes
    {
        [return: BadMark(typeof(LocationsDbContext))]
        public string Returned<[BadMark(typeof(List<UsersDbContext>))] T>() => typeof(T).Name;
    }

    /// <summary>Rule 9: not a slice, and knows the inside of one.</summary>
    internal sealed class BadBystander
    {
        public Func<string> Sibling { get; } =
            () => nameof(Features.Other.BadSliceHandler.Handle) + typeof(Features.Other.BadSliceHandler).Name;
    }

    /// <summary>Rule 2: another module by its name, in code, in a constant, and in an attribute.</summary>
    [System.ComponentModel.Description("made of two: " + "Practice." + "Locations")]
    internal sealed class BadNames
    {
        private const string Assembly = ", Practice.Groups";

        public const string Other = "Practice.Users.Data.UsersDbContext";

        public string Name { get; } = "Practice.Groups.Data.GroupsDbContext" + Assembly;
    }

    /// <summary>Rule 5: public, though nothing asks for it.</summary>
    public sealed class BadPublicService;

    /// <summary>Rule 5: internal, and open.</summary>
    internal class BadUnsealed;

    internal static class BadSql
    {
        /// <summary>Rule 7: another module's tables in SQL text.</summary>
        public static string Join => "select * from bad.things join groups.members on true";

        private const string Verb = "set_";

        /// <summary>Rule 7: entering by hand, in pieces that the source does not show.</summary>
        public static string EnterInPieces => "select " + Verb + "config('app.user_id', $1, true)";

        /// <summary>Rule 7: statements that stray: an interpolated one, a verbatim one, a raw one, one of constants, and a local function's.</summary>
        public static async Task Stray(BadDbContext db, Guid id)
        {
            const string schema = "groups";
            const string ofConstants = $"""select count(*)::int as "Value" from {schema}.members""";
            await db.Database.SqlQuery<Guid>($"select id from \"users\" . \"accounts\" where id = {id}").ToListAsync();
            await db.Database.SqlQuery<Guid>($"select groups.of_person({id}) as \"Value\"").ToListAsync();
            await db.Database.SqlQuery<int>(FormattableStringFactory.Create(ofConstants)).ToListAsync();
            await Local();

            async Task Local() =>
                await Task.WhenAll(
                    (
                        (Func<Task>[])
                            [
                                static () => Task.CompletedTask,
                                async () =>
                                    await db
                                        .Database.SqlQuery<int>(
                                            FormattableStringFactory.Create(
                                                @"select 1 as ""Value"" from things, groups.members"
                                            )
                                        )
                                        .ToListAsync(),
                                () => db.Database.ExecuteSqlAsync($"set local role practice_groups"),
                                () => db.Database.ExecuteSqlAsync($"set local search_path to groups"),
                            ]
                    ).Select(run => run())
                );
        }

        /// <summary>Rule 7: entering a group by hand.</summary>
        public static string Enter(Guid group) => $"select set_config('app.group_id', '{group}', false)";
    }
}

// Rule 2: in another module's namespace, where prefix rules would take it for that module's.
namespace Practice.Groups.Features.Bad
{
    internal sealed class BadSquatter;
}
