namespace Practice.Authorization.Tests;

/// <summary>Each row of the table, asked of the running host by each caller.</summary>
public abstract class MatrixTests<TCaller>(IReadOnlyList<TCaller> callers, IReadOnlyList<Row<TCaller>> rows)
    where TCaller : Caller
{
    protected async Task Asks(string name)
    {
        var (world, row) = (await World.StartedAsync(), rows.Single(row => row.Name == name));
        var wrong = new List<string>();
        foreach (var caller in callers.Where(caller => Routes.Tried(row, caller)))
        {
            var (answered, answer) = await row.AskAsync(world, caller);
            if (answered != row.Expected(caller))
                wrong.Add(
                    $"{caller.Name}: {row.Expected(caller)} by the rules, {answered} by the host"
                        + $"{Environment.NewLine}{answer}"
                );
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, [name, .. wrong]));
    }

    protected static TheoryData<string> Names(IReadOnlyList<Row<TCaller>> rows) => [.. rows.Select(row => row.Name)];
}

public sealed class GroupMatrixTests() : MatrixTests<StaffCaller>(Cast.Staff, GroupRows.All)
{
    public static TheoryData<string> Rows() => Names(GroupRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_call_in_a_group_is_authorized_by_the_rules(string row) => Asks(row);
}

public sealed class PersonMatrixTests() : MatrixTests<PersonCaller>(Cast.People, PersonRows.All)
{
    public static TheoryData<string> Rows() => Names(PersonRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_call_of_a_person_is_authorized_by_the_rules(string row) => Asks(row);
}

public sealed class PortalMatrixTests() : MatrixTests<PortalCaller>(Cast.Portal, PortalRows.All)
{
    public static TheoryData<string> Rows() => Names(PortalRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_call_in_a_portal_account_is_authorized_by_the_rules(string row) => Asks(row);
}
