using System.Collections.Concurrent;
using System.Reflection;
using Practice.EndToEnd.Tests;
using Xunit.Sdk;

[assembly: NoBrowserErrors]

namespace Practice.EndToEnd.Tests;

/// <summary>Fails a test whose browsers had errors: beside the test's own failure, not in its place.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class NoBrowserErrorsAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> OfTest = new();

    public static void Add(string error) => OfTest.Value?.Enqueue(error);

    public override void Before(MethodInfo methodUnderTest) => OfTest.Value = new();

    public override void After(MethodInfo methodUnderTest) =>
        Assert.True(OfTest.Value!.IsEmpty, string.Join(Environment.NewLine, OfTest.Value));
}
