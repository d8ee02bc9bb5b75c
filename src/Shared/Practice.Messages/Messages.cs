namespace Practice.Messages;

/// <summary>
/// What every message is. It prints as its name alone: what it carries may name people, and logs must not.
/// </summary>
public abstract record Message
{
    public sealed override string ToString() => GetType().Name;
}

/// <summary>
/// Something that has happened, in the past tense. Published through the outbox; any module may handle it.
/// </summary>
public interface IEvent;

/// <summary>
/// An event that only webhooks hear. It is not even stored where the caller's practice has never had one: publish it by
/// <c>UnitOfWork.TellWebhooksAsync</c>.
/// </summary>
public interface IForWebhooks : IEvent, IInGroup;

/// <summary>
/// A command to one module. Its single handler lives in the owner and answers <c>ErrorOr&lt;TAnswer&gt;</c>.
/// </summary>
/// <typeparam name="TAnswer">What success answers with.</typeparam>
public interface ICommand<TAnswer>;

/// <summary>
/// A query to one module. Its single handler lives in the owner's <c>ContractHandlers/</c> and answers exactly this
/// type.
/// </summary>
/// <typeparam name="TAnswer">The answer: one of the contract's own records.</typeparam>
public interface IQuery<TAnswer>;

/// <summary>
/// A message about one practice group. The system handles it, and sees that group's rows and no others.
/// </summary>
public interface IInGroup
{
    Guid GroupId { get; }
}

/// <summary>
/// A message about one portal account. The system handles it, and sees that account's rows and no others.
/// </summary>
public interface IInAccount
{
    Guid AccountId { get; }
}

/// <summary>
/// A message about one person. The system handles it, and sees the rows that are that person's own and no others.
/// </summary>
public interface IForPerson
{
    Guid UserId { get; }
}
