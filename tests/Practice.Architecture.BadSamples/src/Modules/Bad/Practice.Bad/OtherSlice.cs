using ErrorOr;
using Practice.Messages;

namespace Practice.Bad.Features.Other;

public sealed record BadSlice : ICommand<Success>;

public static class BadSliceHandler
{
    public static ErrorOr<Success> Handle(BadSlice command) => command is null ? Error.Failure() : Result.Success;
}
