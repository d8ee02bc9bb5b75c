using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using Practice.Authorization;

namespace Practice.Architecture.Tests;

/// <summary>The code that Wolverine writes around the handlers, as the build compiled it.</summary>
public sealed class GeneratedHandlers
{
    /// <summary>
    /// A context of the pool was handed to the caller of its scope. If the code made one of the two by itself, a
    /// handler would read for one caller and send for another.
    /// </summary>
    [Fact]
    public void A_handler_takes_its_context_and_its_caller_from_one_scope()
    {
        using var handlers = ModuleDefinition.ReadModule(
            Path.Combine(AppContext.BaseDirectory, "WolverineHandlers.dll")
        );
        var instructions = handlers
            .GetAllTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .ToList();
        var calls = instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().ToList();
        Assert.True(calls.Count(call => call.Name == "CreateAsyncScope") > 50, "No handlers were found.");

        var made = instructions
            .Where(instruction => instruction.OpCode == OpCodes.Newobj)
            .Select(instruction => ((MethodReference)instruction.Operand).DeclaringType.Name)
            .Where(type => type == nameof(CallContext) || type.EndsWith("DbContext", StringComparison.Ordinal));
        Assert.Empty(made);
    }
}
