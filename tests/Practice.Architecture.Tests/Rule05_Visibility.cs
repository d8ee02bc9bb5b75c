using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Architecture.Tests;

/// <summary>
/// 5. Handlers are public static <c>*Handler</c> with one <c>Handle</c> or <c>HandleAsync</c>. Also public are their
/// commands, the DbContext and its entities; everything else in a module is internal.
/// </summary>
public sealed class Rule05_Visibility
{
    [Fact]
    public void A_handler_is_a_public_static_class_with_one_handling_method() =>
        Rule.Holds(HandlerTypes(Codebase.Real), Form);

    [Fact]
    public void A_handler_of_another_form_is_caught() =>
        Rule.Catches(
            HandlerTypes(Codebase.Bad),
            Form,
            "BadTwoMethodsHandler has 2 handling methods",
            "BadInstanceHandler is not static",
            "BadKeeperHandler.Before is public",
            "BadKeeperHandler._last outlives a message",
            "BadConsumerHandler.Consume is public"
        );

    [Fact]
    public void Only_handlers_and_the_DbContext_and_what_they_show_are_public() =>
        Rule.Holds(Codebase.Real.Modules, NeedlesslyPublic);

    [Fact]
    public void A_public_type_that_nothing_requires_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            NeedlesslyPublic,
            "BadPublicService is public",
            "TellsOnBadBaggage is public"
        );

    [Fact]
    public void What_is_internal_is_sealed() => Rule.Holds(InternalClasses(Codebase.Real), Unsealed);

    [Fact]
    public void An_internal_class_that_can_be_derived_from_is_caught() =>
        Rule.Catches(InternalClasses(Codebase.Bad), Unsealed, "BadUnsealed is not sealed");

    private static IEnumerable<Type> HandlerTypes(Codebase code) =>
        code.Modules.SelectMany(module => module.Own.Types).Where(Handlers.IsHandlerType);

    private static IEnumerable<Type> InternalClasses(Codebase code) =>
        code
            .Modules.SelectMany(module => module.Own.Types)
            .Where(type => type is { IsClass: true, IsVisible: false } && !type.IsDefined(typeof(DbContextAttribute)));

    private static IEnumerable<string> Form(Type handler)
    {
        if (handler is not { IsAbstract: true, IsSealed: true })
            yield return $"{handler.Name} is not static";
        var methods = Handlers.HandlingMethods(handler).ToList();
        if (methods.Count != 1)
            yield return $"{handler.Name} has {methods.Count} handling methods";
        // Wolverine runs others by their names as well: Before, Load, Validate, After, Finally… Only Configure runs no
        // message.
        foreach (
            var method in handler.GetMethods(
                BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly
            )
        )
        {
            if (method.Name is not ("Handle" or "HandleAsync" or "Configure"))
                yield return $"{handler.Name}.{method.Name} is public";
        }

        foreach (
            var field in handler.GetFields(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly
            )
        )
        {
            if (field is { IsLiteral: false, IsInitOnly: false } && !field.Name.StartsWith('<'))
                yield return $"{handler.Name}.{field.Name} outlives a message";
        }
    }

    private static IEnumerable<string> Unsealed(Type type)
    {
        if (!type.IsSealed && !(type.IsAbstract && type.Assembly.GetTypes().Any(derived => derived.BaseType == type)))
            yield return $"{type.Name} is not sealed";
    }

    /// <summary>
    /// C# requires public types in the public members of handlers, DbContexts and migrations; nothing else may be
    /// public.
    /// </summary>
    private static IEnumerable<string> NeedlesslyPublic(Module module)
    {
        var asked = new HashSet<Type>();
        var open = new Queue<Type>(
            module.Own.Types.Where(type =>
                type.IsPublic
                && (
                    Handlers.IsHandlerType(type)
                    || type.IsAssignableTo(typeof(DbContext))
                    || type.IsAssignableTo(typeof(Migration))
                )
            )
        );
        while (open.TryDequeue(out var type))
        {
            if (asked.Add(type))
                ShownBy(type).Where(shown => shown.Assembly == type.Assembly).ToList().ForEach(open.Enqueue);
        }

        return module
            .Own.Types.Where(type => type.IsPublic && !asked.Contains(type))
            .Select(type => $"{type.Name} is public");
    }

    private static IEnumerable<Type> ShownBy(Type type)
    {
        const BindingFlags members =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var shown = type.GetMethods(members)
            .SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            )
            .Concat(
                type.GetConstructors(members)
                    .SelectMany(constructor => constructor.GetParameters())
                    .Select(parameter => parameter.ParameterType)
            )
            .Concat(type.GetFields(members).Select(field => field.FieldType))
            .Concat(type.GetInterfaces());
        return shown.Concat(type.BaseType is { } parent ? [parent] : []).SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
