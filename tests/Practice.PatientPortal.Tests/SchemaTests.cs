namespace Practice.PatientPortal.Tests;

/// <summary>The module's schema exists, and only the person an account belongs to sees it.</summary>
public sealed class SchemaTests
{
    private const string Insert = """
        insert into portal.accounts (id, user_id, first_name, last_name, date_of_birth, time_zone, created_at)
        values ($1, $2, 'A', 'B', '1990-01-01', 'UTC', now())
        """;

    [Fact]
    public async Task The_modules_role_sees_no_account_without_an_authorized_person()
    {
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(Insert, Guid.CreateVersion7(), Guid.CreateVersion7());

        Assert.Empty(await app.RoleOf("portal").Rows("select id from portal.accounts"));
    }

    [Fact]
    public async Task The_modules_role_makes_no_account_for_a_person_who_is_not_authorized()
    {
        var app = await TestApp.StartedAsync();

        var denied = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app.RoleOf("portal").Execute(Insert, Guid.CreateVersion7(), Guid.CreateVersion7())
        );

        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
    }

    [Fact]
    public async Task A_person_has_at_most_one_own_account()
    {
        var app = await TestApp.StartedAsync();
        var person = Guid.CreateVersion7();
        await app.Owner.Execute(Insert, Guid.CreateVersion7(), person);

        var denied = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app.Owner.Execute(Insert, Guid.CreateVersion7(), person)
        );

        Assert.Equal(Npgsql.PostgresErrorCodes.UniqueViolation, denied.SqlState);
    }
}
