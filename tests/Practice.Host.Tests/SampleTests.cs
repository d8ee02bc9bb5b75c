using Practice.Samples;

namespace Practice.Host.Tests;

/// <summary>The sample of Practice.Client does on a real host what it promises.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task It_lists_all_members_over_several_pages()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var added = new[] { await group.AddsNewPerson(), await group.AddsNewPerson(), await group.AddsNewPerson() };

        using var output = new StringWriter();
        Assert.Equal(0, await MemberList.WriteAsync([$"{app.Url}", owner.Email, owner.Password], output));
        Assert.All(added.Append(owner), person =>
            Assert.Contains($"{person.LastName}, {person.FirstName}", output.ToString(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task It_says_why_it_cannot_sign_in()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        using var output = new StringWriter();
        Assert.Equal(1, await MemberList.WriteAsync([$"{app.Url}", person.Email, "not the password"], output));
        Assert.StartsWith("users.invalid_credentials: ", output.ToString(), StringComparison.Ordinal);
    }
}
