using Practice.Contracts.Groups;

namespace Practice.BadClient;

public sealed class Call
{
    public MemberJoined? Answer { get; init; }
}
