using Practice.Client;

namespace Practice.Samples;

/// <summary>Signs in, switches to a practice, and lists its members, as any program of others would.</summary>
public static class MemberList
{
    /// <param name="arguments">The host, an email, a password, and a code where two-factor authentication is on.</param>
    /// <param name="output">Where the list goes.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments.Count is not (3 or 4))
        {
            await output.WriteLineAsync("Usage: ListMembers HOST EMAIL PASSWORD [CODE]");
            return 2;
        }

        try
        {
            using var session = await PracticeSession.SignInAsync(
                new Uri(arguments[0]),
                arguments[1],
                arguments[2],
                arguments.ElementAtOrDefault(3)
            );
            var groups = (await session.Api.ListMyGroupsAsync()).Result.Items;
            if (groups.Count == 0)
            {
                await output.WriteLineAsync("You are in no practice.");
                return 1;
            }

            var group = groups[0];
            await session.Api.SwitchGroupAsync(new GroupChoice { GroupId = group.Id });
            await output.WriteLineAsync($"{group.Name}:");
            await foreach (
                var member in Paging.AllAsync(
                    after => session.Api.ListMembersAsync(group.Id, limit: 2, after: after),
                    page => (page.Items, page.Next)
                )
            )
                await output.WriteLineAsync($"  {member.LastName}, {member.FirstName} ({member.Profession})");
            await session.SignOutAsync();
            return 0;
        }
        catch (ApiProblemException problem)
        {
            await output.WriteLineAsync($"{problem.Code}: {problem.Message}");
            return 1;
        }
    }
}
