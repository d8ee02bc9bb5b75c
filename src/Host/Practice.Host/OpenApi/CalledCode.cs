using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using ErrorOr;
using Practice.Messages;

namespace Practice.Host.OpenApi;

/// <summary>An error that a call can answer with.</summary>
internal sealed record ApiErrorCode(int Status, string Code, string Sentence);

/// <summary>What the code of a call does, as far as its callers notice.</summary>
/// <param name="Errors">The errors that it names.</param>
/// <param name="Texts">The constant texts in it, such as the names of headers.</param>
/// <param name="Calls">The methods of other assemblies that it calls, as <c>Type.Method</c>.</param>
internal sealed record CalledCode(
    IReadOnlySet<ApiErrorCode> Errors,
    IReadOnlySet<string> Texts,
    IReadOnlySet<string> Calls
);

/// <summary>
/// Follows a call through the compiled code of the modules: from the method that answers it to its command's handler,
/// the entities, and the handlers of other modules that it asks. So the document lists the error codes of a call
/// without anybody listing them. Code that is there and cannot run for this call is followed too: a code too many is
/// possible, one too few is a fault, which every test that calls the API would show.
/// </summary>
internal sealed class CallFollower
{
    private const BindingFlags All =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly OpCode[] OpCodesByValue = ReadOpCodes();

    private readonly HashSet<Assembly> _modules;
    private readonly Dictionary<Type, MethodInfo> _handlers;
    private readonly ILookup<Type, Type> _implementations;
    private readonly ConcurrentDictionary<MethodBase, Body> _bodies = new();

    public CallFollower(IEnumerable<Assembly> modules)
    {
        _modules = [.. modules];
        var types = _modules.SelectMany(assembly => assembly.GetTypes()).ToArray();
        _handlers = types
            .Where(type => type.Name.EndsWith("Handler", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(All))
            .Where(method =>
                method.Name is "Handle" or "HandleAsync"
                && method.GetParameters() is [var first, ..]
                && IsAsked(first.ParameterType)
            )
            .ToDictionary(method => method.GetParameters()[0].ParameterType);
        _implementations = (
            from type in types
            where type is { IsClass: true, IsAbstract: false }
            from parent in type.GetInterfaces().Concat(Ancestors(type))
            where parent.Assembly.GetName().Name!.StartsWith("Practice.", StringComparison.Ordinal)
            select (parent, type)
        ).ToLookup(pair => Open(pair.parent), pair => pair.type);
    }

    /// <param name="start">The method that answers the call.</param>
    /// <param name="command">What it sends, where another method makes it.</param>
    public CalledCode Follow(MethodBase start, Type? command)
    {
        var (errors, texts, calls) = (new HashSet<ApiErrorCode>(), new HashSet<string>(), new HashSet<string>());
        var (seen, next) = (new HashSet<MethodBase> { start }, new Queue<MethodBase>([start]));
        if (command is not null && _handlers.TryGetValue(command, out var handler) && seen.Add(handler))
            next.Enqueue(handler);
        while (next.TryDequeue(out var method))
        {
            var body = _bodies.GetOrAdd(method, Read);
            errors.UnionWith(body.Errors);
            texts.UnionWith(body.Texts);
            calls.UnionWith(body.Calls);
            foreach (var called in body.Methods.Where(seen.Add))
                next.Enqueue(called);
        }

        return new(errors, texts, calls);
    }

    private sealed record Body(
        HashSet<ApiErrorCode> Errors,
        HashSet<string> Texts,
        HashSet<string> Calls,
        HashSet<MethodBase> Methods
    );

    private Body Read(MethodBase method)
    {
        var body = new Body([], [], [], []);
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } async)
            body.Methods.UnionWith(
                OpenType(async.StateMachineType).GetMethods(All).Where(step => step.Name == "MoveNext")
            );
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return body;

        var (typeArguments, methodArguments) = (
            method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null,
            method.IsGenericMethod ? method.GetGenericArguments() : null
        );
        var making = new ErrorBeingMade();
        for (var at = 0; at < code.Length; )
        {
            var operation = code[at] == 0xFE ? OpCodesByValue[0x100 + code[at + 1]] : OpCodesByValue[code[at]];
            at += operation.Size;
            switch (operation.OperandType)
            {
                case OperandType.InlineString:
                    var text = method.Module.ResolveString(BitConverter.ToInt32(code, at));
                    body.Texts.Add(text);
                    making.Take(text);
                    break;
                case OperandType.InlineI:
                    making.Take(BitConverter.ToInt32(code, at));
                    break;
                case OperandType.InlineMethod or OperandType.InlineTok:
                    if (
                        Resolve(method.Module, BitConverter.ToInt32(code, at), typeArguments, methodArguments) is
                        { } called
                    )
                        Visit(called, body, making);
                    break;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }

        return body;
    }

    private void Visit(MethodBase called, Body body, ErrorBeingMade making)
    {
        var type = called.DeclaringType!;
        if (called is MethodInfo { IsStatic: true } getter && getter.ReturnType == typeof(Error) && IsOurs(type))
        {
            if (SampleOf(getter) is { } error)
            {
                if (error.NumericType >= StatusCodes.Status400BadRequest)
                    body.Errors.Add(new(error.NumericType, error.Code, error.Description));
                return;
            }

            if (making.Made(getter) is { } made)
                body.Errors.Add(made);
        }
        else if (called.DeclaringType == typeof(Error) && making.Made((MethodInfo)called) is { } made)
        {
            body.Errors.Add(made);
        }

        // Before the next: a command to another module is a type of that module's contracts.
        if (called.IsConstructor && _handlers.TryGetValue(type, out var handler))
            body.Methods.Add(handler);
        if (!_modules.Contains(type.Assembly))
        {
            body.Calls.Add($"{type.Name}.{called.Name}");
            return;
        }

        body.Methods.Add(Open(called));
        if (called is MethodInfo { IsVirtual: true, IsFinal: false } promised)
            body.Methods.UnionWith(
                _implementations[Open(type)]
                    .SelectMany(known => known.GetMethods(All))
                    .Where(method =>
                        method.Name == promised.Name
                        || method.Name.EndsWith($".{promised.Name}", StringComparison.Ordinal)
                    )
            );
    }

    /// <summary>
    /// The error as a caller could read it: its sentence may be put together of what it is about. Null where the
    /// sentence is told by who makes it, as by <c>ApiError</c>.
    /// </summary>
    private static Error? SampleOf(MethodInfo maker) =>
        maker.GetParameters() is var parameters
        && (parameters.Length == 0 || (maker.IsPublic && !Array.Exists(parameters, one => one.Name == "sentence")))
            ? (Error)maker.Invoke(null, [.. parameters.Select(one => SampleOf(one.ParameterType))])!
            : null;

    private static object? SampleOf(Type type) =>
        type == typeof(string) ? "…"
        : type == typeof(int) ? 2
        : type.IsValueType ? Activator.CreateInstance(type)
        : type.IsInterface ? null
        : RuntimeHelpers.GetUninitializedObject(type);

    private static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name!.StartsWith("Practice.", StringComparison.Ordinal);

    private static bool IsAsked(Type message) =>
        message
            .GetInterfaces()
            .Any(one =>
                one.IsGenericType
                && (
                    one.GetGenericTypeDefinition() == typeof(ICommand<>)
                    || one.GetGenericTypeDefinition() == typeof(IQuery<>)
                )
            );

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
            yield return parent;
    }

    private static Type Open(Type type) =>
        type is { IsGenericType: true, IsGenericTypeDefinition: false } ? type.GetGenericTypeDefinition() : type;

    private static Type OpenType(Type type) => Open(type);

    private static MethodBase Open(MethodBase method) =>
        method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : method;

    private static MethodBase? Resolve(Module module, int token, Type[]? typeArguments, Type[]? methodArguments)
    {
        try
        {
            return module.ResolveMember(token, typeArguments, methodArguments) as MethodBase;
        }
        catch (Exception unresolved) when (unresolved is ArgumentException or BadImageFormatException)
        {
            return null; // a type, or a signature of a function pointer
        }
    }

    private static OpCode[] ReadOpCodes()
    {
        var codes = new OpCode[0x200];
        foreach (var field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var code = (OpCode)field.GetValue(null)!;
            codes[code.Size == 1 ? (byte)code.Value : 0x100 + (byte)code.Value] = code;
        }

        return codes;
    }

    /// <summary>
    /// An error's status, code and sentence are constants, loaded just before the call that makes it.
    /// </summary>
    private sealed class ErrorBeingMade
    {
        private int _number;
        private string? _code;
        private string? _sentence;

        public void Take(int number) => _number = number;

        public void Take(string text)
        {
            if (IsCode(text))
                (_code, _sentence) = (text, null);
            else if (_code is not null)
                _sentence ??= text;
        }

        public ApiErrorCode? Made(MethodInfo maker)
        {
            int? status = maker.Name switch
            {
                "Conflict" => StatusCodes.Status409Conflict,
                "Unprocessable" => StatusCodes.Status422UnprocessableEntity,
                "Forbidden" => StatusCodes.Status403Forbidden,
                "InvalidField" => StatusCodes.Status400BadRequest,
                "Create" or "Custom" when _number is >= 400 and < 600 => _number,
                _ => null,
            };
            if (status is null || _code is null)
                return null;
            var made = new ApiErrorCode(status.Value, _code, _sentence ?? "");
            (_code, _sentence) = (null, null);
            return made;
        }

        private static bool IsCode(string text) =>
            text.IndexOf('.', StringComparison.Ordinal) is var point and > 0
            && point < text.Length - 1
            && text.LastIndexOf('.') == point
            && text.All(letter => letter is (>= 'a' and <= 'z') or '.' or '_');
    }
}
