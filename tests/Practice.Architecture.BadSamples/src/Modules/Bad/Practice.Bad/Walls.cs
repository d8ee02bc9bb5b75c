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

    /// <summary>
    /// Rule 2: another module in an async lambda: the compiler puts it into a state machine of a closure.
    /// </summary>
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

    /// <summary>
    /// Rule 2: another module in attributes of a return value, of a generic parameter, and as a second one's argument.
    /// </summary>
    internal sealed class BadAttributes
    {
        [return: BadMark(typeof(LocationsDbContext))]
        public string Returned<[BadMark(typeof(List<UsersDbContext>))] T>() => typeof(T).Name;

        [BadMark(typeof(Dictionary<string, Lazy<GroupsDbContext>[]>))]
        public string Second => "a type argument that is not the first";
    }

    /// <summary>Rule 2: another module's type only as that of an attribute's argument.</summary>
    internal sealed class BadValues
    {
        [BadValue(Practice.Groups.Domain.RoleType.Practitioner)]
        public string Value => "one of another module's";
    }

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class BadValueAttribute(object value) : Attribute
    {
        public object Value { get; } = value;
    }

    /// <summary>Rule 9: not a slice, and uses one.</summary>
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

    /// <summary>Rule 5: public, though nothing requires it.</summary>
    public sealed class BadPublicService;

    /// <summary>Rule 5: internal, and open.</summary>
    internal class BadUnsealed;

    internal static class BadSql
    {
        /// <summary>Rule 7: another module's tables in SQL text.</summary>
        public static string Join => "select * from bad.things join groups.members on true";

        private const string Verb = "set_";

        /// <summary>Rule 7: a setting of row-level security, in pieces that the source does not show.</summary>
        public static string SetInPieces => "select " + Verb + "config('app.user_id', $1, true)";

        /// <summary>
        /// Rule 7: interpolated, verbatim and raw statements, one of constants, and one of a local function.
        /// </summary>
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

        /// <summary>Rule 7: the group of row-level security, set by hand.</summary>
        public static string Set(Guid group) => $"select set_config('app.group_id', '{group}', false)";
    }
}

// DomainKnowsNoHttp: a rule that reads a request.
namespace Practice.Bad.Domain
{
    internal sealed class BadOverheard
    {
        public static string? Of(
            Microsoft.AspNetCore.Http.HttpContext http,
            Practice.Shared.Http.QueryValue<int>? sent
        ) => sent is null ? http.Request.Method : null;
    }
}

// Rule 2: in another module's namespace, where rules by prefix would take it for that module's.
namespace Practice.Groups.Features.Bad
{
    internal sealed class BadSquatter;
}
