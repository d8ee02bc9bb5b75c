namespace Practice.PatientPortal.Tests;

/// <summary>The module's part of the database: there, and closed to everybody but the person an account belongs to.</summary>
public sealed class SchemaTests
{
    private const string Insert =
        "insert into portal.accounts (id, user_id, first_name, last_name, date_of_birth, time_zone, created_at) values ($1, $2, 'A', 'B', '1990-01-01', 'UTC', now())";

    [Fact]
    public async Task The_modules_role_sees_no_account_without_a_person_who_entered()
    {
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(Insert, Guid.CreateVersion7(), Guid.CreateVersion7());

        Assert.Empty(await app.RoleOf("portal").Rows("select id from portal.accounts"));
    }

    [Fact]
    public async Task The_modules_role_makes_no_account_for_a_person_who_did_not_enter()
    {
        var app = await TestApp.StartedAsync();

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app.RoleOf("portal").Execute(Insert, Guid.CreateVersion7(), Guid.CreateVersion7())
        );

        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Nobody_has_two_accounts_of_their_own()
    {
        var app = await TestApp.StartedAsync();
        var person = Guid.CreateVersion7();
        await app.Owner.Execute(Insert, Guid.CreateVersion7(), person);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app.Owner.Execute(Insert, Guid.CreateVersion7(), person)
        );

        Assert.Equal(Npgsql.PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }
}
