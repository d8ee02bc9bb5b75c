using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace Practice.Benchmarks.Raw;

/// <summary>
/// What the machine can do at best with these parts: a minimal API, Npgsql and prepared statements. The same rows and
/// the same JSON as the product, no authorization, no validation, no modules. In a process of its own.
/// </summary>
internal static class RawServer
{
    public const string Command = "raw";
    public const string ConnectionSetting = "RawConnection";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RawJson.Default)
        );
        builder.Services.AddSingleton(Connect(builder.Configuration[ConnectionSetting]!));

        var app = builder.Build();
        app.MapGet("/nothing", () => TypedResults.Ok());
        app.MapGet("/api/groups/{groupId:guid}/members", ListMembers);
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}", ReadMember);
        app.MapPost("/api/groups/{groupId:guid}/locations", CreateLocation);
        app.MapGet("/api/groups/{groupId:guid}/patients", ListPatients);
        app.MapGet("/api/groups", ListGroups);
        app.MapGet("/api/portal/accounts/{accountId:guid}/access", ListAccess);
        app.MapGet("/hash", VerifyHash);
        await app.StartAsync();
        Console.WriteLine($"  Practice   {app.Urls.First()}");
        await app.WaitForShutdownAsync();
    }

    /// <summary>As many connections as each of the product's modules has.</summary>
    private static NpgsqlDataSource Connect(string connectionString) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxAutoPrepare = 100,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true,
                MaxPoolSize = 16,
                Timezone = "UTC",
            }.ConnectionString
        );

    private const string MemberColumns =
        "user_id, title, first_name, last_name, email, role_type, profession, registration_number, level, is_owner, "
        + "status, location_ids, joined_at, deactivated_at, has_left";

    private static async Task<Ok<Page<Member>>> ListMembers(Guid groupId, int limit, NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand(
            $"""
            select {MemberColumns} from groups.memberships where group_id = $1
            order by last_name_key, first_name_key, user_id limit $2
            """
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = groupId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        await using var reader = await command.ExecuteReaderAsync();
        var members = new List<Member>(limit + 1);
        while (await reader.ReadAsync())
            members.Add(MemberOf(reader));
        return PageOf(members, limit, member => member.UserId);
    }

    private static async Task<Results<Ok<Member>, NotFound>> ReadMember(Guid groupId, Guid userId, NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand(
            $"select {MemberColumns} from groups.memberships where group_id = $1 and user_id = $2"
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = groupId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? TypedResults.Ok(MemberOf(reader)) : TypedResults.NotFound();
    }

    private static async Task<Created<NewResource>> CreateLocation(
        Guid groupId,
        NewLocation location,
        NpgsqlDataSource db
    )
    {
        var now = DateTime.UtcNow;
        var id = Guid.CreateVersion7(now);
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(
                """
                insert into locations.locations (id, group_id, name, time_zone, created_at) values ($1, $2, $3, $4, $5)
                """
            )
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = id },
                    new NpgsqlParameter<Guid> { TypedValue = groupId },
                    new NpgsqlParameter<string> { TypedValue = location.Name },
                    new NpgsqlParameter<string> { TypedValue = location.TimeZone },
                    new NpgsqlParameter<DateTime> { TypedValue = now },
                },
            }
        );
        batch.BatchCommands.Add(Audit(now, groupId, "locations.created", id, null));
        await batch.ExecuteNonQueryAsync();
        return TypedResults.Created($"/api/groups/{groupId}/locations/{id}", new NewResource(id));
    }

    private static async Task<Ok<Page<Patient>>> ListPatients(Guid groupId, int limit, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            """
            select p.id, first_name, last_name, email, phone, date_of_birth, location_id, added_at,
                account_id is not null, address, emergency_contact, sex,
                exists (select from portal.patient_invitations i where i.group_id = $1 and i.patient_id = p.id
                    and i.claimed_at is null and i.withdrawn_at is null and i.created_at > now() - interval '14 days')
            from portal.patients p where group_id = $1 and archived_at is null
            order by last_name_key, first_name_key, id limit $2
            """,
            connection
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = groupId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        var patients = new List<Patient>(limit + 1);
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                patients.Add(PatientOf(reader));

        var page = PageOf(patients, limit, patient => patient.Id);
        var listed = new ListedPatients(page.Value!.Items.Select(patient => patient.Id));
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            Audit(
                DateTime.UtcNow,
                groupId,
                "portal.patients_listed",
                groupId,
                JsonSerializer.Serialize(listed, RawJson.Default.ListedPatients)
            )
        );
        await batch.ExecuteNonQueryAsync();
        return page;
    }

    private static async Task<Ok<Page<MyGroup>>> ListGroups(NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand(
            """
            select g.id, g.name, m.role_type, m.level, m.is_owner,
                exists (select from groups.current_groups c where c.user_id = $1 and c.group_id = g.id), g.idle_minutes
            from groups.memberships m join groups.groups g on g.id = m.group_id
            where m.user_id = $1 and m.status = 'Active' order by g.name, g.id limit 51
            """
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Seeds.Ids.Person(1) });
        await using var reader = await command.ExecuteReaderAsync();
        var groups = new List<MyGroup>();
        while (await reader.ReadAsync())
            groups.Add(
                new MyGroup(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    Codes.Of(reader.GetString(2)),
                    Codes.Of(reader.GetString(3)),
                    reader.GetBoolean(4),
                    reader.GetBoolean(5),
                    reader.IsDBNull(6) ? null : reader.GetInt32(6)
                )
            );
        return PageOf(groups, 50, group => group.Id);
    }

    private static async Task<Ok<Page<Grant>>> ListAccess(Guid accountId, NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand(
            """
            select id, case when asked_role is not null then user_name end, user_email, role, level, status,
                requested_at, ends_on
            from portal.grants where account_id = $1 and status <> 'Withdrawn'
                and (status <> 'Pending' or requested_at > now() - interval '30 days')
            order by id desc limit 51
            """
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = accountId });
        await using var reader = await command.ExecuteReaderAsync();
        var grants = new List<Grant>();
        while (await reader.ReadAsync())
            grants.Add(
                new Grant(
                    reader.GetGuid(0),
                    Text(reader, 1),
                    reader.GetString(2),
                    Codes.Of(reader.GetString(3)),
                    Codes.Of(reader.GetString(4)),
                    Codes.Of(reader.GetString(5)),
                    reader.GetFieldValue<DateTimeOffset>(6),
                    reader.IsDBNull(7) ? null : reader.GetFieldValue<DateOnly>(7),
                    [] // no practice of the set has paused anybody
                )
            );
        return PageOf(grants, 50, grant => grant.GrantId);
    }

    /// <summary>What a sign-in cannot do without: one comparison with a password's hash.</summary>
    private static Results<Ok, UnauthorizedHttpResult> VerifyHash(HttpContext http) =>
        Hasher.VerifyHashedPassword(http, http.Request.Headers["X-Hash"]!, http.Request.Headers["X-Password"]!)
        == PasswordVerificationResult.Failed
            ? TypedResults.Unauthorized()
            : TypedResults.Ok();

    private static PasswordHasher<HttpContext> Hasher { get; } = new();

    private static NpgsqlBatchCommand Audit(DateTime at, Guid groupId, string act, Guid subject, string? details) =>
        new(
            """
            insert into audit.entries (id, at, group_id, actor_id, authority, act, subject_id, details)
            values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
            """
        )
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(at) },
                new NpgsqlParameter<DateTime> { TypedValue = at },
                new NpgsqlParameter<Guid> { TypedValue = groupId },
                new NpgsqlParameter<Guid> { TypedValue = Seeds.Ids.Person(1) },
                new NpgsqlParameter<string> { TypedValue = "owner" },
                new NpgsqlParameter<string> { TypedValue = act },
                new NpgsqlParameter<Guid> { TypedValue = subject },
                new NpgsqlParameter<string?> { TypedValue = details },
            },
        };

    private static Member MemberOf(NpgsqlDataReader reader)
    {
        var role = Codes.Of(reader.GetString(5));
        var registration = Text(reader, 7);
        return new Member(
            reader.GetGuid(0),
            Text(reader, 1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            role,
            reader.GetString(6),
            registration,
            role == "practitioner" && registration is null,
            Codes.Of(reader.GetString(8)),
            reader.GetBoolean(9),
            Codes.Of(reader.GetString(10)),
            reader.GetFieldValue<Guid[]>(11),
            reader.GetFieldValue<DateTimeOffset>(12),
            reader.IsDBNull(13) ? null : reader.GetFieldValue<DateTimeOffset>(13),
            reader.GetBoolean(14)
        );
    }

    private static Patient PatientOf(NpgsqlDataReader reader)
    {
        var id = reader.GetGuid(0);
        return new Patient(
            id,
            $"P-{id.ToString("n")[^8..].ToUpperInvariant()}",
            reader.GetString(1),
            reader.GetString(2),
            Text(reader, 3),
            Text(reader, 4),
            Text(reader, 9),
            reader.IsDBNull(10) ? null : EmergencyContactOf(reader.GetString(10)),
            reader.IsDBNull(11) ? null : Codes.Of(reader.GetString(11)),
            reader.GetFieldValue<DateOnly>(5),
            reader.IsDBNull(6) ? null : reader.GetGuid(6),
            reader.GetFieldValue<DateTimeOffset>(7),
            reader.GetBoolean(8) ? "linked"
                : reader.GetBoolean(12) ? "invited"
                : "none",
            null, // the list holds no archived ones
            null
        );
    }

    private static EmergencyContact? EmergencyContactOf(string json) =>
        JsonSerializer.Deserialize(json, RawJson.Default.EmergencyContact);

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static Ok<Page<T>> PageOf<T>(List<T> rows, int limit, Func<T, Guid> id)
    {
        if (rows.Count <= limit)
            return TypedResults.Ok(new Page<T>(rows, null));
        var next = System.Buffers.Text.Base64Url.EncodeToString(
            System.Text.Encoding.UTF8.GetBytes(id(rows[limit - 1]).ToString())
        );
        rows.RemoveRange(limit, rows.Count - limit);
        return TypedResults.Ok(new Page<T>(rows, next));
    }
}
