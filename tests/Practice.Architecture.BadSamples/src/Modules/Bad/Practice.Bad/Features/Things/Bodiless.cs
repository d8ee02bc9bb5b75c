using Practice.Bad.Features.Other;
using Practice.Bad.Features.Other.Workflow;

namespace Practice.Bad.Features.Things;

/// <summary>Rule 9: uses of another slice in types that have no method of their own, each in its own way.</summary>
internal sealed class BadList : List<BadSliceEndpoint>;

internal interface IBadBorrowed : IEnumerable<BadSliceView>;

internal interface IBadShaped : IBadSliceShape;

internal sealed class BadShape : IBadSliceShape;

internal sealed class BadDerived : BadSliceBase;

internal sealed class BadHolder
{
    public BadSliceKind Kind;
}

[BadSliceMark]
internal sealed class BadMarked;

internal sealed class BadConstrained<T>
    where T : BadSliceBase;

internal delegate BadSliceDone BadCallback();

internal sealed class BadLambda
{
    public Func<Task<int>> Most { get; } =
        async () =>
        {
            await Task.Yield();
            return BadSliceNumbers.Most;
        };
}

internal sealed class BadIntruder : List<BadStep>;

/// <summary>Rule 9: what another subject's slices share among themselves.</summary>
internal sealed class BadBorrower : List<BadShared>;
