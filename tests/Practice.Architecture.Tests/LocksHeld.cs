using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using Practice.Shared.Messaging;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>
/// No method asks another module after it has locked a row: the other module answers over a connection of its own, and
/// while it does, all who wait for the row wait for that connection too. Read from the order of the compiled code,
/// steps in other methods included; a loop that locks at its end and asks at its beginning is not seen.
/// </summary>
public sealed partial class LocksHeld
{
    /// <summary>Where it is so all the same, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        [
            "Practice.PatientPortal.Features.Portal.Guardianship.RecalculateAgeLimitsAtStart.StartAsync "
                + "asks another module while it holds a lock"
        ] = "before the host listens: only the start of another host waits for it",
    };

    private static readonly Dictionary<string, string> SendsToOtherPools = new()
    {
        ["Practice.Groups.Features.Groups.CreateGroupHandler sends a command within its transaction"] =
            "adds the first location: Locations has a pool of its own, and never waits for Groups while it holds one",
    };

    [Fact]
    public void No_module_asks_another_while_it_holds_a_lock()
    {
        var asking = Codebase.Real.Modules.SelectMany(AsksUnderLock).ToList();
        Assert.NotEmpty(Codebase.Real.Modules.SelectMany(module => new Order(module).Locking));
        Assert.NotEmpty(Codebase.Real.Modules.SelectMany(module => new Order(module).Asking));
        Rule.None(asking.Except(Exempt.Keys));
        Assert.Empty(Exempt.Keys.Except(asking));
    }

    [Fact]
    public void A_module_that_does_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            AsksUnderLock,
            "Practice.Bad.Features.BadLocksHandler.Handle asks another module while it holds a lock",
            "Practice.Bad.Features.BadLocksInStepsHandler.Handle asks another module while it holds a lock"
        );

    /// <summary>
    /// A command's or an event's handler holds a connection from its beginning. A command that it sends takes another,
    /// so as many such handlers as there are connections wait for each other.
    /// </summary>
    [Fact]
    public void No_handler_sends_a_command_within_its_transaction()
    {
        Assert.NotEmpty(Codebase.Real.Modules.SelectMany(module => new Order(module).Sending));
        var sends = Codebase.Real.Modules.SelectMany(SendsInTransaction).ToList();
        Rule.None(sends.Except(SendsToOtherPools.Keys));
        Assert.Empty(SendsToOtherPools.Keys.Except(sends));
    }

    [Fact]
    public void A_handler_that_does_is_caught() =>
        Rule.Catches(
            Codebase.Bad.Modules,
            SendsInTransaction,
            "Practice.Bad.Features.BadLocksInStepsHandler sends a command within its transaction"
        );

    private static IEnumerable<string> SendsInTransaction(Module module)
    {
        var sending = new Order(module)
            .Sending.Select(method => $"{method.DeclaringType.FullName}.{method.Name}")
            .ToHashSet();
        return Handlers
            .Of(module)
            .Where(handler => handler.HasTransaction && sending.Contains($"{handler.Type}.{handler.Method.Name}"))
            .Select(handler => $"{handler.Type} sends a command within its transaction");
    }

    private static IEnumerable<string> AsksUnderLock(Module module)
    {
        var order = new Order(module);
        return order
            .Methods.Where(order.AsksAfterLocking)
            .Select(method =>
                $"{Mentions.Outermost(method.DeclaringType)}.{NameOf(method)} asks another module while it holds a lock"
            )
            .Distinct();
    }

    /// <summary>A local function or a lambda counts as the method that it stands in.</summary>
    private static string NameOf(MethodDefinition method)
    {
        var name = method.Name == "MoveNext" ? method.DeclaringType.Name : method.Name;
        return Written().Match(name) is { Success: true } made ? made.Groups[1].Value : name;
    }

    [GeneratedRegex(
        @"\bfor\s+(no\s+key\s+)?update\b|\bfor\s+(key\s+)?share\b|\bpg_advisory_xact_lock",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex LockingSql();

    [GeneratedRegex("^<+([^>]+)>")]
    private static partial Regex Written();

    /// <summary>The methods of a module, each with what it does in the order of its code.</summary>
    private sealed class Order
    {
        private readonly Dictionary<MethodDefinition, IReadOnlyList<Instruction>> _bodies;

        public Order(Module module)
        {
            _bodies = module
                .Own.Il.MainModule.GetAllTypes()
                .SelectMany(type => type.Methods)
                .Where(method => method.HasBody)
                .ToDictionary(method => method, Body);
            Locking = Closed(Locks);
            Asking = Closed(Asks);
            Sending = Closed(Sends);
        }

        public IEnumerable<MethodDefinition> Methods => _bodies.Keys;

        /// <summary>Those that lock, or call one that does.</summary>
        public HashSet<MethodDefinition> Locking { get; }

        /// <summary>Those that ask another module, or call one that does.</summary>
        public HashSet<MethodDefinition> Asking { get; }

        /// <summary>Those that send a command, or call one that does.</summary>
        public HashSet<MethodDefinition> Sending { get; }

        public bool AsksAfterLocking(MethodDefinition method)
        {
            var locked = false;
            foreach (var instruction in _bodies[method])
            {
                var called = Called(instruction);
                if (locked && (Asks(instruction) || (called is not null && Asking.Contains(called))))
                    return true;
                locked |= Locks(instruction) || (called is not null && Locking.Contains(called));
            }

            return false;
        }

        /// <summary>An async method's own code, or an iterator's, is in a type of the compiler's.</summary>
        private static IReadOnlyList<Instruction> Body(MethodDefinition written) =>
            written
                .CustomAttributes.Where(attribute =>
                    attribute.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal)
                )
                .SelectMany(Mentions.Arguments)
                .OfType<TypeDefinition>()
                .SelectMany(machine => machine.Methods)
                .FirstOrDefault(method => method.Name == "MoveNext")
                is { } step
                ? [.. step.Body.Instructions]
                : [.. written.Body.Instructions];

        private static bool Locks(Instruction instruction) =>
            instruction.Operand switch
            {
                string text => LockingSql().IsMatch(text),
                MethodReference called => called.DeclaringType.FullName == typeof(AdvisoryLocks).FullName,
                _ => false,
            };

        private static bool Asks(Instruction instruction) =>
            instruction.Operand is MethodReference called
            && called.DeclaringType.FullName == typeof(IModuleBus).FullName;

        private static bool Sends(Instruction instruction) =>
            Asks(instruction) && ((MethodReference)instruction.Operand).Name != nameof(IModuleBus.QueryAsync);

        /// <summary>A method of the module that is called there, or handed to something that will call it.</summary>
        private static MethodDefinition? Called(Instruction instruction) =>
            instruction.Operand is MethodReference called ? called.GetElementMethod() as MethodDefinition : null;

        private HashSet<MethodDefinition> Closed(Func<Instruction, bool> does)
        {
            var found = _bodies.Where(method => method.Value.Any(does)).Select(method => method.Key).ToHashSet();
            while (
                _bodies
                    .Where(method =>
                        !found.Contains(method.Key)
                        && method.Value.Any(instruction => Called(instruction) is { } called && found.Contains(called))
                    )
                    .Select(method => method.Key)
                    .ToList()
                    is { Count: > 0 } callers
            )
                found.UnionWith(callers);
            return found;
        }
    }
}
