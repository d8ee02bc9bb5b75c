using ErrorOr;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Frames;
using JasperFx.CodeGeneration.Model;
using JasperFx.Core.Reflection;
using Practice.Messages;
using Practice.Shared.Persistence;
using Wolverine.Configuration;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace Practice.Shared.Messaging;

/// <summary>
/// Wraps every handler that takes its module's DbContext in a <see cref="UnitOfWork"/>, so that none has transaction
/// code of its own and none can forget it. A query's handler only reads: it gets no transaction, and is authorized with
/// its first command.
/// </summary>
internal sealed class UnitOfWorkPolicy : IHandlerPolicy
{
    public void Apply(IReadOnlyList<HandlerChain> chains, GenerationRules rules, IServiceContainer container)
    {
        foreach (var chain in chains.SelectMany(chain => chain.ByEndpoint.Count > 0 ? chain.ByEndpoint : [chain]))
        {
            if (chain.Handlers.SingleOrDefault() is not { } handler)
                continue;
            var context = handler
                .Method.GetParameters()
                .Select(parameter => parameter.ParameterType)
                .SingleOrDefault(type => type.CanBeCastTo<ModuleDbContext>());
            // Wolverine shows the chains of an event with several handlers more than once.
            if (context is null || chain.Middleware.Any(frame => frame is BeginFrame or QueryFrame))
                continue;
            if (IsQuery(chain.MessageType))
            {
                chain.Middleware.Insert(0, new QueryFrame(context));
                continue;
            }

            var begin = new BeginFrame(context, handler);
            chain.Middleware.Insert(0, begin);
            chain.Postprocessors.Add(new CompleteFrame(begin, handler));
        }
    }

    private static bool IsQuery(Type message) =>
        message.GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IQuery<>));

    private static bool IsErrorOr(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ErrorOr<>);

    /// <summary>Has the context read on behalf of the system, where the query says.</summary>
    private sealed class QueryFrame(Type contextType) : SyncFrame
    {
        private Variable _db = null!,
            _messages = null!;

        public override IEnumerable<Variable> FindVariables(IMethodVariables chain)
        {
            yield return _db = chain.FindVariable(contextType);
            yield return _messages = chain.FindVariable(typeof(MessageContext));
        }

        public override void GenerateCode(GeneratedMethod method, ISourceWriter writer)
        {
            writer.Write($"{_db.Usage}.{nameof(ModuleDbContext.ActFor)}({_messages.Usage}.Envelope);");
            Next?.GenerateCode(method, writer);
        }
    }

    /// <summary>Begins. Where the caller is not authorized, answers why and does not run the handler.</summary>
    private sealed class BeginFrame(Type contextType, MethodCall handler) : AsyncFrame
    {
        private Variable _db = null!,
            _messages = null!,
            _clock = null!,
            _ct = null!;

        public Variable Work => field ??= new Variable(typeof(UnitOfWork), "unitOfWork", this);

        public override IEnumerable<Variable> Creates => [Work];

        public override IEnumerable<Variable> FindVariables(IMethodVariables chain)
        {
            yield return _db = chain.FindVariable(contextType);
            yield return _messages = chain.FindVariable(typeof(MessageContext));
            yield return _clock = chain.FindVariable(typeof(TimeProvider));
            yield return _ct = chain.FindVariable(typeof(CancellationToken));
        }

        public override void GenerateCode(GeneratedMethod method, ISourceWriter writer)
        {
            writer.Write(
                $"await using var {Work.Usage} = await {typeof(UnitOfWork).FullNameInCode()}"
                    + $".{nameof(UnitOfWork.BeginAsync)}({_db.Usage}, {_messages.Usage}, {_clock.Usage}, "
                    + $"{_ct.Usage}).ConfigureAwait(false);"
            );
            writer.Write($"BLOCK:if ({Work.Usage}.{nameof(UnitOfWork.Denied)} is {{ }} denied)");
            if (AnswerType(handler) is { } answer)
            {
                writer.Write(
                    $"await {_messages.Usage}.{nameof(MessageContext.ClearAllAsync)}().ConfigureAwait(false);"
                );
                writer.Write(
                    $"await {_messages.Usage}.{nameof(MessageContext.EnqueueCascadingAsync)}"
                        + $"(({answer.FullNameInCode()})denied).ConfigureAwait(false);"
                );
                writer.Write("return;");
            }
            else
            {
                writer.Write($"throw new {typeof(AccessDeniedException).FullNameInCode()}(denied);");
            }

            writer.FinishBlock();

            Next?.GenerateCode(method, writer);
        }

        /// <summary>
        /// The answer that can hold an error; it may come alone, or in a tuple with messages to send.
        /// </summary>
        private static Type? AnswerType(MethodCall handler) =>
            handler.Creates.Select(created => created.VariableType).FirstOrDefault(IsErrorOr);
    }

    private sealed class CompleteFrame(BeginFrame begin, MethodCall handler) : AsyncFrame
    {
        private Variable _ct = null!;

        private string Answer =>
            handler.Creates.FirstOrDefault(created => IsErrorOr(created.VariableType))?.Usage ?? "null";

        public override IEnumerable<Variable> FindVariables(IMethodVariables chain)
        {
            yield return begin.Work;
            yield return _ct = chain.FindVariable(typeof(CancellationToken));
        }

        public override void GenerateCode(GeneratedMethod method, ISourceWriter writer)
        {
            writer.Write(
                $"await {begin.Work.Usage}.{nameof(UnitOfWork.CompleteAsync)}"
                    + $"({Answer}, {_ct.Usage}).ConfigureAwait(false);"
            );
            Next?.GenerateCode(method, writer);
        }
    }
}
