using Snapshooter.Xunit;

namespace Practice.Groups.Tests;

/// <summary>
/// The coded lists are part of the API: stored data and clients depend on each code, so a change must show as a diff.
/// </summary>
public sealed class CodedListTests
{
    [Theory]
    [InlineData("professions")]
    [InlineData("access-levels")]
    public async Task A_coded_list_does_not_change_unnoticed(string list)
    {
        var person = await (await TestApp.StartedAsync()).SignUpAndConfirm();
        Snapshot.Match((await person.Api.Get($"/api/{list}")).Should(200).Text, $"CodedLists.{list}");
    }

    [Theory]
    [InlineData("professions")]
    [InlineData("access-levels")]
    public async Task A_coded_list_requires_a_session(string list) =>
        (await (await TestApp.StartedAsync()).Api.Get($"/api/{list}")).Should(401, "auth.not_signed_in");
}
