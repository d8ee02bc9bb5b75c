using Carter;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Practice.Architecture.Tests;

/// <summary>9. Slices do not reference sibling slices. Shared knows no module.</summary>
public sealed class Rule09_Slices
{
    [Fact]
    public void A_slices_endpoint_and_handler_are_known_in_its_own_file_only() => Rule.Holds(Uses(Codebase.Real), Trespasses);

    [Fact]
    public void A_slice_that_knows_the_inside_of_another_is_caught() => Rule.Catches(Uses(Codebase.Bad), Trespasses,
        "Slices.cs uses BadSliceHandler of OtherSlice.cs");

    [Fact]
    public void Shared_knows_no_module()
    {
        var shared = new[] { typeof(Practice.Shared.IModule).Assembly, typeof(Practice.Messages.IEvent).Assembly };
        Assert.DoesNotContain(
            shared.SelectMany(assembly => assembly.GetReferencedAssemblies()),
            reference => reference.Name!.StartsWith("Practice.", StringComparison.Ordinal) && reference.Name != "Practice.Messages");
    }

    private static IEnumerable<(TypeDefinition User, TypeDefinition Used)> Uses(Codebase code) =>
        from module in code.Modules
        from user in module.Own.Il.MainModule.GetAllTypes()
        where FileOf(user) is not null && user.FullName.Contains(".Features.", StringComparison.Ordinal)
        from used in UsedBy(user)
        select (user, used);

    /// <summary>The types of the same module that a type's members and code name.</summary>
    private static IEnumerable<TypeDefinition> UsedBy(TypeDefinition type)
    {
        var fields = type.Fields.Select(field => field.FieldType);
        var methods = type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType));
        var code = type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).SelectMany(instruction => instruction.Operand switch
        {
            TypeReference named => [named],
            MethodReference called => [called.DeclaringType],
            FieldReference field => [field.DeclaringType],
            _ => Array.Empty<TypeReference>(),
        });
        return fields.Concat(methods).Concat(code).OfType<TypeDefinition>().Distinct();
    }

    private static IEnumerable<string> Trespasses((TypeDefinition User, TypeDefinition Used) use)
    {
        var isInside = use.Used.Name.EndsWith("Handler", StringComparison.Ordinal) || use.Used.Interfaces.Any(one => one.InterfaceType.Name == nameof(ICarterModule));
        if (isInside && FileOf(use.Used) is { } file && file != FileOf(use.User))
            yield return $"{Path.GetFileName(FileOf(use.User))} uses {use.Used.Name} of {Path.GetFileName(file)}";
    }

    /// <summary>The source file that a type, or the type around it, was compiled from.</summary>
    private static string? FileOf(TypeDefinition type) =>
        type.Methods.Where(method => method.DebugInformation.HasSequencePoints).Select(method => method.DebugInformation.SequencePoints[0].Document.Url).FirstOrDefault()
        ?? (type.DeclaringType is { } outer ? FileOf(outer) : null);
}
