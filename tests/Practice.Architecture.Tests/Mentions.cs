using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Practice.Architecture.Tests;

/// <summary>A type of a project, and something that its code, its members or its attributes name.</summary>
/// <param name="User">
/// The type as it was written: what the compiler made of a lambda or an async method counts as the type around it.
/// </param>
internal sealed record Mention(TypeDefinition User, MemberReference Used)
{
    /// <summary>The type named, or the one whose member is.</summary>
    public TypeReference Type => (Used as TypeReference ?? Used.DeclaringType).GetElementType();

    /// <summary><c>Namespace.Type</c>, or <c>Namespace.Type::Member</c>.</summary>
    public string Name => Used is TypeReference ? Type.FullName : $"{Type.FullName}::{Used.Name}";
}

/// <summary>A text in a type's code, its constants or its attributes.</summary>
internal sealed record WrittenText(TypeDefinition User, string Text);

/// <summary>
/// Everything that compiled code names, async lambdas, generic arguments, constraints and attributes included.
/// </summary>
internal static class Mentions
{
    public static IEnumerable<Mention> Of(AssemblyDefinition assembly) =>
        from type in assembly.MainModule.GetAllTypes()
        where IsWritten(type)
        from used in NamedBy(type)
        from part in Parts(used)
        select new Mention(Outermost(type), part);

    public static IEnumerable<WrittenText> Texts(AssemblyDefinition assembly) =>
        from type in assembly.MainModule.GetAllTypes()
        where IsWritten(type)
        from text in type
            .Methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand as string)
            .Concat(type.Fields.Select(field => field.Constant as string))
            .Concat(
                type.Methods.SelectMany(method => method.Parameters).Select(parameter => parameter.Constant as string)
            )
            .Concat(Attributes(type).SelectMany(Arguments).Select(argument => argument as string))
        where text is not null
        select new WrittenText(Outermost(type), text);

    public static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    /// <summary>The attributes of a type and of everything in it.</summary>
    public static IEnumerable<CustomAttribute> Attributes(TypeDefinition type) =>
        new ICustomAttributeProvider[] { type }
            .Concat(type.Methods)
            .Concat(type.Properties)
            .Concat(type.Fields)
            .Concat(type.Events)
            .Concat(type.GenericParameters)
            .Concat(type.Interfaces)
            .Concat(type.Methods.SelectMany(method => method.Parameters))
            .Concat(type.Methods.SelectMany(method => method.GenericParameters))
            .Concat(type.Methods.Select(method => method.MethodReturnType))
            .Concat(type.GenericParameters.SelectMany(parameter => parameter.Constraints))
            .SelectMany(provider => provider.CustomAttributes);

    /// <summary>
    /// What an attribute was given, in arrays and in boxes too, and the type of each: an enum's name is nowhere else.
    /// </summary>
    public static IEnumerable<object> Arguments(CustomAttribute attribute) =>
        attribute
            .ConstructorArguments.Concat(attribute.Properties.Concat(attribute.Fields).Select(named => named.Argument))
            .SelectMany(Values);

    private static IEnumerable<object> Values(CustomAttributeArgument argument) =>
        argument.Value switch
        {
            CustomAttributeArgument boxed => Values(boxed),
            CustomAttributeArgument[] many => many.SelectMany(Values).Append(argument.Type),
            null => [argument.Type],
            var value => [argument.Type, value],
        };

    /// <summary>
    /// Not what the compiler or a source generator (Wolverine's, ASP.NET's for routes) added to the assembly beside the
    /// types that were written.
    /// </summary>
    private static bool IsWritten(TypeDefinition type) =>
        Outermost(type)
            is { Name: not "<Module>" and not "<PrivateImplementationDetails>", Namespace: not "JasperFx.Generated" }
                and var outermost
        && !IsRoutesCode(outermost);

    /// <summary>
    /// Its types are local to a file, and so carry the file's name. None that was written is called so
    /// (<c>MentionsTests</c>).
    /// </summary>
    private static bool IsRoutesCode(TypeDefinition type) =>
        type.Namespace == "Microsoft.AspNetCore.Http.Generated"
        && type.Name.StartsWith("<GeneratedRouteBuilderExtensions_g>", StringComparison.Ordinal);

    private static IEnumerable<MemberReference> NamedBy(TypeDefinition type)
    {
        var signatures = type
            .Fields.Select(field => field.FieldType)
            .Concat(
                type.Methods.SelectMany(method =>
                    method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)
                )
            )
            .Concat(type.Interfaces.Select(one => one.InterfaceType))
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(
                type.GenericParameters.Concat(type.Methods.SelectMany(method => method.GenericParameters))
                    .SelectMany(parameter => parameter.Constraints)
                    .Select(constraint => constraint.ConstraintType)
            )
            .Concat(
                type.Methods.Where(method => method.HasBody)
                    .SelectMany(method => method.Body.Variables)
                    .Select(variable => variable.VariableType)
            )
            .Concat(
                type.Methods.Where(method => method.HasBody)
                    .SelectMany(method => method.Body.ExceptionHandlers)
                    .Select(handler => handler.CatchType)
                    .OfType<TypeReference>()
            )
            .Concat(
                Attributes(type)
                    .SelectMany(attribute =>
                        Arguments(attribute).OfType<TypeReference>().Append(attribute.AttributeType)
                    )
            );
        return signatures.Concat(
            type.Methods.Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions)
                .SelectMany(instruction =>
                    instruction.Operand switch
                    {
                        MemberReference member => [member],
                        CallSite called => Signature(called), // a call through a function pointer
                        _ => [],
                    }
                )
        );
    }

    /// <summary>
    /// A member and the types in it: <c>List&lt;T&gt;</c> names <c>T</c> as well, and so does a call of
    /// <c>Get&lt;T&gt;()</c>.
    /// </summary>
    public static IEnumerable<MemberReference> Parts(MemberReference member) =>
        member switch
        {
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
            FunctionPointerType function => Signature(function), // has no element type
            OptionalModifierType modified => Parts(modified.ModifierType).Concat(Parts(modified.ElementType)),
            RequiredModifierType modified => Parts(modified.ModifierType).Concat(Parts(modified.ElementType)),
            TypeSpecification wrapped => Parts(wrapped.ElementType), // array, pointer, by reference, pinned, sentinel
            GenericParameter => [],
            GenericInstanceMethod generic => generic
                .GenericArguments.SelectMany(Parts)
                .Concat(Parts(generic.ElementMethod)),
            MethodReference method => Parts(method.DeclaringType).Append(method),
            FieldReference field => Parts(field.DeclaringType).Append(field),
            _ => [member],
        };

    private static IEnumerable<MemberReference> Signature(IMethodSignature signature) =>
        signature
            .Parameters.Select(parameter => parameter.ParameterType)
            .Append(signature.ReturnType)
            .SelectMany(Parts);
}
