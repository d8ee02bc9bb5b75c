using ErrorOr;
using Practice.Shared.Errors;
using Practice.Shared.Http;

namespace Practice.Domain.Tests;

/// <summary>Entity tags say whether a version is the same, and nothing else.</summary>
public sealed class EntityTagTests
{
    [Fact]
    public void Hosts_with_the_same_key_agree_and_nobody_else_can_tell_a_version()
    {
        var tags = new EntityTags([1, 2, 3]);

        Assert.Equal(tags.Of(7), new EntityTags([1, 2, 3]).Of(7));
        Assert.NotEqual(tags.Of(7), new EntityTags([1, 2, 4]).Of(7));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(version => tags.Of((uint)version)).Distinct().Count());
        Assert.Matches("^\"[A-Za-z0-9_-]{16}\"$", tags.Of(7));
        Assert.Equal(tags.Of("as seen"), new EntityTags([1, 2, 3]).Of("as seen"));
        Assert.NotEqual(tags.Of("as seen"), tags.Of("as seen now"));
        Assert.NotEqual(tags.Of("as seen"), new EntityTags([1, 2, 4]).Of("as seen"));
    }
}

/// <summary>An error is answered with the status that it names, and never with one that says success.</summary>
public sealed class ProblemsTests
{
    [Theory]
    [InlineData(401)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(503)]
    public void An_error_is_answered_with_its_status_and_code(int status)
    {
        var problem = Problems.ToProblem([ApiError.Create(status, "test.code", "What happened.")]);
        Assert.Equal(status, problem.StatusCode);
        Assert.Equal("test.code", problem.ProblemDetails.Extensions["code"]);
        Assert.Equal("What happened.", problem.ProblemDetails.Detail);
    }

    [Fact]
    public void Errors_of_fields_are_answered_together()
    {
        var problem = Problems.ToProblem([
            ApiError.InvalidField("name", "Too long."),
            ApiError.InvalidField("email", "Missing."),
        ]);
        Assert.Equal(400, problem.StatusCode);
        var errors = Assert.IsType<Dictionary<string, string[]>>(problem.ProblemDetails.Extensions["errors"]);
        Assert.Equal(["email", "name"], errors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_error_at_all_is_no_answer() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Problems.ToProblem([]));

    /// <summary>
    /// The library's own kinds are numbered from 0, and so is what it says of an answer without errors.
    /// </summary>
    [Fact]
    public void An_error_without_a_status_is_no_answer()
    {
        Assert.Throws<InvalidOperationException>(() => Problems.ToProblem([Error.Failure()]));
        Assert.Throws<InvalidOperationException>(() => Problems.ToProblem([Error.Custom(204, "test.code", "Fine.")]));
        Assert.Throws<InvalidOperationException>(() => Problems.ToProblem([default(ErrorOr<int>).FirstError]));
    }
}
