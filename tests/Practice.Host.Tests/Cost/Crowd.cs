namespace Practice.Host.Tests.Cost;

/// <summary>
/// A practice with thousands of everything beside another of the same size. Its owner has a portal account, which holds
/// as much. Written as rows: what a call costs depends on the tables, not on how they were filled.
/// </summary>
internal sealed record Crowd(TestApp App, Person Owner, Guid Group, Guid Account, Guid Patient)
{
    public static async Task<Crowd> MakeAsync(TestApp app)
    {
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "physiotherapist");
        var account = (await owner.Api.Post("/api/portal/accounts", new { dateOfBirth = "1980-01-02" })).Should(201).Id;
        var sql = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Cost", "crowd.sql"));
        await app.Owner.Execute(
            sql.Replace("{group}", $"{group.Id}", StringComparison.Ordinal)
                .Replace("{location}", $"{group.LocationId}", StringComparison.Ordinal)
                .Replace("{owner}", $"{owner.Id}", StringComparison.Ordinal)
                .Replace("{account}", $"{account}", StringComparison.Ordinal)
        );
        await app.Owner.Execute("analyze");
        var patient = await app.Owner.Scalar<Guid>(
            "select patient_id from portal.appointments where group_id = $1 limit 1",
            group.Id
        );
        return new Crowd(app, owner, group.Id, account, patient);
    }
}
