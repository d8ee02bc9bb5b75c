using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Practice.Authorization.Tests;

/// <summary>A member that calls are tried on.</summary>
/// <param name="Carries">Whether every restriction is on; else the member holds nothing at all.</param>
public sealed record Colleague(Guid Id, bool Carries = false, bool Owner = false);

/// <summary>
/// One running host with everybody in it, made once. What calls are tried on is made for each call, in the database: so
/// no call finds what another has left.
/// </summary>
public sealed class World
{
    private const string Born = "1990-02-03";
    private static readonly Lazy<Task<World>> Made = new(MakeAsync);
    private readonly ConcurrentDictionary<Guid, Guid> _patientOf = [];
    private readonly ConcurrentDictionary<string, Guid> _levels = [];
    private readonly NpgsqlDataSource _database;
    private int _numbers;

    private World(TestApp app)
    {
        (App, _database) = (app, NpgsqlDataSource.Create(app.ConnectionString));
        Client = new(() => AddClient(Group, "full"));
        Key = new(async () =>
        {
            var key = new SoftwarePasskey { Counter = null };
            (await key.AddTo(await App.SignUpAndConfirm())).Should(201);
            return key;
        });
    }

    public TestApp App { get; }

    public Group Group { get; private set; } = null!;

    /// <summary>Another practice group; its owner is the one from outside.</summary>
    public Group Other { get; private set; } = null!;

    /// <summary>The location on which everything is tried.</summary>
    public Guid Here => Group.LocationId;

    /// <summary>A second one with the same people, to be archived and restored.</summary>
    public Guid Annexe { get; private set; }

    /// <summary>
    /// A practitioner who holds nothing and works here, and whose patients are a colleague's to all callers.
    /// </summary>
    public Colleague Colleague { get; private set; } = null!;

    public Colleague Restricted { get; private set; } = null!;

    public Colleague CoOwner { get; private set; } = null!;

    /// <summary>Members that calls change, each for one row.</summary>
    public ConcurrentDictionary<string, Colleague> Changed { get; } = [];

    /// <summary>Who was invited, each for one row.</summary>
    public ConcurrentDictionary<string, Guid> Invited { get; } = [];

    /// <summary>A person who is none of the callers.</summary>
    public Person Stranger { get; private set; } = null!;

    /// <summary>A passkey of a person who does nothing else.</summary>
    public Lazy<Task<SoftwarePasskey>> Key { get; }

    /// <summary>An API client, and its secret. It gets tokens, and nobody changes it.</summary>
    public Lazy<Task<(Guid Id, string Secret)>> Client { get; }

    /// <summary>API clients that calls change, each for one row.</summary>
    public ConcurrentDictionary<string, Guid> Clients { get; } = [];

    public static Task<World> StartedAsync() => Made.Value;

    public async Task Sql(string sql, params object[] parameters)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<Guid>> Ids(string sql, params object[] parameters)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>A number that no other call uses.</summary>
    public int Next() => Interlocked.Increment(ref _numbers);

    /// <summary>A time at which nothing else is booked.</summary>
    public DateTimeOffset NextHour() => DateTimeOffset.UtcNow.AddDays(3).AddHours(Next());

    public async Task<Guid> Patient(Guid addedBy, Guid? account = null)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.patients (id, group_id, practice_name, first_name, last_name, email, date_of_birth,
                location_id, added_by_id, account_id, added_at)
            values ($1, $2, 'The clinic', 'Jo', 'Reed', $3, $4, $5, $6, $7::uuid, now())
            """,
            id,
            Group.Id,
            People.NewEmail(),
            DateOnly.Parse(Born, CultureInfo.InvariantCulture),
            Here,
            addedBy,
            account ?? (object)DBNull.Value
        );
        return id;
    }

    /// <param name="inHours">When it starts; negative for one that has started.</param>
    public async Task<Guid> Appointment(Guid patient, Guid practitioner, Guid? account = null, int inHours = 24)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.appointments (id, group_id, patient_id, account_id, practitioner_id,
                practitioner_name, location_id, location_name, starts_at, ends_at, status)
            values ($1, $2, $3, $4::uuid, $5, 'Ada', $6, 'Main street',
                now() + $7 * interval '1 hour', now() + $8 * interval '1 hour', 'Booked')
            """,
            id,
            Group.Id,
            patient,
            account ?? (object)DBNull.Value,
            practitioner,
            Here,
            inHours,
            inHours + 24
        );
        return id;
    }

    public async Task<Guid> Record(
        Guid patient,
        Guid author,
        Guid? account = null,
        bool shared = true,
        string kind = "Note"
    )
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.clinical_records (id, group_id, patient_id, account_id, author_id, author_name, kind,
                title, body, recorded_at, shared)
            values ($1, $2, $3, $4::uuid, $5, 'Ada', $7, 'Visit', 'Stiff.', now(), $6)
            """,
            id,
            Group.Id,
            patient,
            account ?? (object)DBNull.Value,
            author,
            shared,
            kind
        );
        return id;
    }

    /// <summary>A file of a record.</summary>
    /// <summary>An entry of the group's audit.</summary>
    public async Task<Guid> AuditEntry()
    {
        await using var command = _database.CreateCommand(
            "select id from audit.entries where group_id = $1 order by id limit 1"
        );
        command.Parameters.Add(new NpgsqlParameter { Value = Group.Id });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    public async Task<Guid> Attachment(Guid patient, Guid record)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.attachments (id, group_id, patient_id, record_id, name, type, size, hash, in_directory,
                added_by_id, added_by_name, added_at)
            values ($1, $2, $3, $4, 'a.txt', 'Text', 1, 'x', false, $1, 'Ada', now())
            """,
            id,
            Group.Id,
            patient,
            record
        );
        await Sql(
            "insert into portal.attachment_chunks (attachment_id, number, group_id, content) values ($1, 0, $2, 'x')",
            id,
            Group.Id
        );
        return id;
    }

    /// <summary>An invoice of 10 dollars, with a payment that came to nothing.</summary>
    public async Task<(Guid Id, Guid Payment)> Invoice(Guid patient, Guid issuer, Guid? account = null)
    {
        var (id, payment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Sql(
            """
            insert into portal.invoices (id, group_id, patient_id, account_id, issued_by_id, practitioner_id, number,
                issued_on, due_on, currency, lines, total, payments)
            values ($1, $2, $3, $4::uuid, $5, $5, 'W-' || $1::text, '2026-03-01', '2026-03-15', 'AUD',
                '[{"description": "Visit", "quantity": 1, "unitPrice": 10}]', 10,
                jsonb_build_array(jsonb_build_object('id', $6::uuid, 'amount', 0, 'method', 'Cash',
                    'paidOn', '2026-03-02', 'recordedById', $5, 'recordedAt', '2026-03-02T00:00:00Z')))
            """,
            id,
            Group.Id,
            patient,
            account ?? (object)DBNull.Value,
            issuer,
            payment
        );
        return (id, payment);
    }

    /// <summary>What has come from the portal.</summary>
    public async Task<Guid> Request(Guid patient, string kind, Guid? practitioner)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.requests (id, group_id, patient_id, account_id, kind, starts_at, practitioner_id,
                location_id, sent_by_name, acting_for, status, sent_at)
            values ($1, $2, $3, gen_random_uuid(), $4, $7, $5::uuid, $6, 'Jo Reed', 'Jo Reed', 'Open', now())
            """,
            id,
            Group.Id,
            patient,
            kind,
            practitioner ?? (object)DBNull.Value,
            Here,
            NextHour()
        );
        return id;
    }

    /// <summary>The one patient of the practice that a portal account is linked to.</summary>
    public Guid PatientOf(PortalCaller caller) => _patientOf[caller.AccountId];

    /// <summary>Access to a portal account that was offered to a person without an account.</summary>
    public async Task<Guid> Grant(Guid account)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.grants (id, account_id, account_name, user_name, user_email, role, level, status,
                requested_at, approved_at)
            values ($1, $2, 'Jo Reed', '', $3, 'View', 'Administrative', 'Current', now() - interval '2 days', now())
            """,
            id,
            account,
            People.NewEmail()
        );
        return id;
    }

    /// <summary>The grant of a person who opens an account.</summary>
    /// <param name="paused">Whether the practice has paused it.</param>
    public async Task<Guid> Reader(Guid account, bool paused)
    {
        var (grant, person) = (await Grant(account), Guid.CreateVersion7());
        await Sql("update portal.grants set user_id = $1 where id = $2", person, grant);
        if (paused)
            await Sql(
                """
                insert into portal.access_pauses
                    (id, group_id, account_id, user_id, email, reason, paused_by_id, paused_by_name, paused_at)
                select $1, $2, $3, $4, upper(user_email), 'A court order', $1, 'Ada', now()
                from portal.grants where user_id = $4
                """,
                Guid.CreateVersion7(),
                Group.Id,
                account,
                person
            );
        return grant;
    }

    /// <summary>What a person has asked for, of an address without an account.</summary>
    public async Task<Guid> Asked(Person by)
    {
        var (id, email) = (Guid.CreateVersion7(), People.NewEmail());
        await Sql(
            """
            insert into portal.grants (id, user_id, user_name, user_email, asked_email, normalized_asked_email,
                asked_role, role, level, status, requested_at)
            values ($1, $2, 'Robin', $3, $4, upper($4), 'View', 'View', 'Administrative', 'Pending', now())
            """,
            id,
            by.Id,
            by.Email,
            email
        );
        return id;
    }

    /// <summary>The account of a child with two guardians: this person and another.</summary>
    public async Task<Guid> GuardedBy(Person person)
    {
        var account = await Child();
        foreach (var guardian in new[] { person.Id, Colleague.Id })
            await Sql(
                """
                insert into portal.guardians (account_id, user_id, user_name, user_email, relationship, added_at, verified,
                    warned)
                values ($1, $2, 'Ida Moss', 'ida@moss.test', 'Parent', now(), '[]', '{}')
                """,
                account,
                guardian
            );
        return account;
    }

    private async Task<Guid> Child()
    {
        var account = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.accounts (id, first_name, last_name, date_of_birth, time_zone, created_at)
            values ($1, 'Mia', 'Little', '2020-05-06', 'UTC', now())
            """,
            account
        );
        return account;
    }

    /// <summary>What a guardian asks a person.</summary>
    public async Task<Guid> AskedToBeGuardian(Person person)
    {
        var (id, account) = (Guid.CreateVersion7(), await GuardedBy(Stranger));
        await Sql(
            """
            insert into portal.guardianship_requests (id, account_id, account_name, normalized_email, user_id,
                relationship, asked_by_id, asked_by_name, asked_at)
            values ($1, $2, 'Mia Little', upper($3), $4, 'Parent', $5, 'Ida Moss', now())
            """,
            id,
            account,
            person.Email,
            person.Id,
            Colleague.Id
        );
        return id;
    }

    /// <summary>A person invited to the other group, by its owner.</summary>
    public async Task<Guid> Invitation(Person person)
    {
        var id = Guid.CreateVersion7();
        await Sql("delete from groups.invitations where group_id = $1 and user_id = $2", Other.Id, person.Id);
        await Sql(
            "delete from groups.memberships where group_id = $1 and user_id = $2 and not is_owner",
            Other.Id,
            person.Id
        );
        await Sql(
            """
            insert into groups.invitations (id, group_id, group_name, user_id, email, normalized_email, role_type,
                profession, level, switched_on, switched_off,
                location_ids, status, invited_by_id, invited_by_name, created_at, expires_at)
            values ($1, $2, $3, $4, $5, upper($5), 'Practitioner', 'nurse', 'Personal', 0, 0, '{}', 'Pending', $6,
                'Owner', now(), now() + interval '6 days')
            """,
            id,
            Other.Id,
            Other.Name,
            person.Id,
            person.Email,
            Other.Owner.Id
        );
        return id;
    }

    /// <summary>
    /// An own access level of the group that opens nothing and that nobody has, one for each kind of call. Those that
    /// calls have made are archived: a group has not so many.
    /// </summary>
    public async Task<Guid> AccessLevel(string what)
    {
        var id = _levels.GetOrAdd(what, _ => Guid.CreateVersion7());
        await Sql(
            """
            update groups.access_levels set archived_at = now() where group_id = $1 and name like 'Made %'
            """,
            Group.Id
        );
        await Sql(
            """
            insert into groups.access_levels (id, group_id, name, role_type, settings, created_at)
            values ($1, $2, $1::text, 'Practitioner', 0, now())
            on conflict (id) do update set settings = 0, archived_at = null
            """,
            id,
            Group.Id
        );
        return id;
    }

    public async Task<Guid> Notification(Person person)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into users.notifications (id, account_id, source, kind, title, body, created_at, data)
            values ($1, $2, $1::text, 'Joined', 'You are in', 'Welcome.', now(), '{}')
            """,
            id,
            person.Id
        );
        return id;
    }

    private static readonly Guid TurnedOff = Guid.CreateVersion7();

    /// <summary>A webhook that sends nothing, the same one for each call.</summary>
    public async Task<Guid> Webhook()
    {
        await Sql(
            """
            with made as (
                insert into webhooks.webhooks (id, group_id, url, events, secret, enabled, created_at)
                values ($1, $2, 'https://hooks.practice.com/', array['member.joined'], 'whsec_c2VjcmV0', false, now())
                on conflict (id) do update set enabled = false)
            insert into webhooks.queues (webhook_id, group_id, waiting, failures_in_a_row) values ($1, $2, 0, 0)
            on conflict do nothing
            """,
            TurnedOff,
            Group.Id
        );
        return TurnedOff;
    }

    public async Task<Guid> WebhookDelivery()
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into webhooks.deliveries
                (id, group_id, webhook_id, event, payload, created_at, status, tried_since, attempts)
            values ($1, $2, $3, 'member.joined', '{}', now(), 'Failed', now(), 1)
            """,
            id,
            Group.Id,
            TurnedOff
        );
        return id;
    }

    /// <summary>There may be ten at most.</summary>
    public async Task ForgetWebhooks()
    {
        await Sql("delete from webhooks.webhooks where group_id = $1", Group.Id);
        await Sql("delete from webhooks.queues where group_id = $1", Group.Id);
    }

    /// <summary>An export that the person has asked for.</summary>
    public async Task<Guid> Export(Guid person, string kind)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into portal.exports (id, group_id, requested_by_id, kinds, requested_at, expires_at, status, rows)
            values ($1, $2, $3, array[$4], now(), now() + interval '1 day', 'Ready', 0)
            """,
            id,
            Group.Id,
            person,
            kind
        );
        return id;
    }

    /// <summary>Another session of a person, on another device.</summary>
    public async Task<Guid> Session(Person person)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into users.sessions (id, account_id, second_factor_shown, created_at, last_seen_at, expires_at)
            values ($1, $2, false, now(), now(), now() + interval '1 day')
            """,
            id,
            person.Id
        );
        return id;
    }

    /// <summary>A passkey that nobody can use.</summary>
    public async Task<Guid> Passkey(Person person)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into users.passkeys (id, user_id, credential_id, data)
            values ($1, $2, uuid_send($1), '{"Name": "Phone", "CreatedAt": "2026-01-01T00:00:00Z", "PublicKey": "",
                "SignCount": 0, "IsUserVerified": true, "IsBackupEligible": false, "IsBackedUp": false,
                "AttestationObject": "", "ClientDataJson": ""}')
            """,
            id,
            person.Id
        );
        return id;
    }

    /// <summary>An account connected with an identity provider.</summary>
    public async Task<Guid> ProviderLink(Person person)
    {
        var id = Guid.CreateVersion7();
        await Sql(
            """
            insert into users.provider_links (id, account_id, provider, issuer, subject, created_at)
            values ($1, $2, 'contoso', 'https://contoso.test', $1::text, now())
            """,
            id,
            person.Id
        );
        return id;
    }

    /// <summary>The token of a link as a mail would hold it.</summary>
    public async Task<string> Link(string purpose, Guid subject)
    {
        var token = Guid.NewGuid().ToString("n");
        await Sql(
            """
            insert into users.links (token_hash, purpose, subject_id, created_at, expires_at)
            values (encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2, $3, now(), now() + interval '1 hour')
            """,
            token,
            purpose,
            subject
        );
        return token;
    }

    /// <summary>The secret of a member's calendar feed; an earlier one ends.</summary>
    public async Task<string> Feed(Guid person)
    {
        var token = Guid.NewGuid().ToString("n");
        await Sql(
            "select authority.open_calendar_feed(encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2, $3, false)",
            token,
            person,
            Group.Id
        );
        return token;
    }

    /// <summary>The same caller in a new session; one without a session stays without.</summary>
    public async Task<ApiClient> Fresh(Caller caller) =>
        caller.Credential is Credential.Session or Credential.TemporaryPassword
            ? await App.SignIn(caller.Person.Email, caller.Person.Password)
            : caller.Api;

    private static Task Each<T>(IEnumerable<T> items, Func<T, Task> make) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (item, _) =>
            await make(item)
        );

    private static async Task<World> MakeAsync()
    {
        var world = new World(await TestApp.StartedAsync());
        world.Group = await (await world.App.SignUpAndConfirm()).CreatesGroup("The clinic");
        world.Other = await (await world.App.SignUpAndConfirm()).CreatesGroup("Another clinic");
        world.Stranger = await world.App.SignUpAndConfirm();
        world.Colleague = new((await world.Group.AddsNewPerson("personal", "practitioner", null, world.Here)).Id);
        await Task.WhenAll(world.PeopleTheStaffAsync(), world.PeopleThePortalAsync(), world.PeopleThePersonsAsync());
        // Slow runs take longer than 5 minutes.
        await world.Sql("update authority.sessions set verified_at = now() + interval '1 day'");
        return world;
    }

    private async Task PeopleTheStaffAsync()
    {
        Annexe = await Opens("Annexe");
        var elsewhere = await Opens("Elsewhere");
        var restrictions = Catalogue.Restrictive.ToDictionary(setting => setting, _ => true);
        Restricted = new((await Group.AddsNewPerson("personal", "practitioner", restrictions, Here)).Id, Carries: true);
        var second = await Group.WelcomesNewPerson();
        (
            await Group.Owner.Api.Change(
                $"{Group.Path}/members/{second.Id}/access",
                new { accessLevel = "full", owner = true }
            )
        ).Should(204);
        CoOwner = new(second.Id, Owner: true);
        await Each(["deactivated", "reactivated", "converted", "raised", "reissued"], async what =>
            Changed[what] = new((await Adds("personal")).Id)
        );
        await Each(["read", "changed", "resent", "withdrawn"], async what =>
        {
            var guest = await App.SignUpAndConfirm();
            Invited[what] = (
                await Group.Owner.Api.Post(
                    $"{Group.Path}/members",
                    Group.Member(guest.Email, "personal", null, "practitioner", null, [Here])
                )
            )
                .Should(201)["invitationId"]
                .GetGuid();
        });
        await Each(["read", "rotated", "revoked", "deleted"], async what =>
            Clients[what] = (await AddClient(Group, "full")).Id
        );
        await Each(Cast.Staff, async caller =>
        {
            caller.GroupId = Group.Id;
            if (caller.Client)
            {
                (caller.Person, caller.Api) = await ClientOf(
                    caller.Standing == Standing.Outside ? Other : Group,
                    caller.Level,
                    caller.SwitchedOn
                );
                return;
            }

            if (caller.Credential != Credential.Session)
            {
                (caller.Person, caller.Api) = await Without(caller.Credential, Group.Owner);
                return;
            }

            switch (caller.Standing)
            {
                case Standing.Outside or Standing.OutsideByOwnPath:
                    (caller.Person, caller.GroupId) = (
                        Other.Owner,
                        caller.Standing == Standing.Outside ? Group.Id : Other.Id
                    );
                    break;
                case Standing.OneFactor:
                    var strict = await (await App.SignUpAndConfirm()).CreatesGroup("A careful clinic");
                    await Sql("select authority.write_group($1, true)", strict.Id);
                    (caller.Person, caller.GroupId) = (strict.Owner, strict.Id);
                    break;
                case Standing.OtherSignIn:
                    var closed = await (await App.SignUpAndConfirm()).CreatesGroup("A clinic with its own sign-in");
                    // This host offers no provider: what is required stands only in the authority.
                    await Sql("select authority.write_sign_in_rule($1, 'https://login.test')", closed.Id);
                    (caller.Person, caller.GroupId) = (closed.Owner, closed.Id);
                    break;
                case Standing.Deactivated:
                    caller.Person = await Group.AddsNewPerson("full", "practitioner", null, Here);
                    (await Group.Owner.Api.Post($"{Group.Path}/members/{caller.Id}/deactivate")).Should(204);
                    break;
                case Standing.Member when caller.Owner:
                    caller.Person = Group.Owner;
                    break;
                default:
                    Guid[] locations = caller.Works switch
                    {
                        Where.Here => [Here, Annexe],
                        Where.Elsewhere => [elsewhere],
                        _ => [],
                    };
                    caller.Person = await Group.AddsNewPerson(
                        caller.Level,
                        caller.Practitioner ? "practitioner" : "administrator",
                        caller.SwitchedOn is { } setting ? new() { [setting] = true } : null,
                        locations
                    );
                    break;
            }

            caller.Api = caller.Person.Api;
        });
        // As if all had come by an invitation: those who may give them access may give them more.
        await Sql("update groups.memberships set password_set_by = null where group_id = $1", Group.Id);
        await Sql(
            "update users.accounts set email_confirmed = true where id = any($1)",
            Cast.Staff.Where(caller => !caller.Client).Select(caller => caller.Person.Id).ToArray()
        );

        async Task<Guid> Opens(string name) =>
            (await Group.Owner.Api.Post($"{Group.Path}/locations", new { name, timeZone = "Australia/Melbourne" }))
                .Should(201)
                .Id;

        Task<Person> Adds(string level) => Group.AddsNewPerson(level, "practitioner", null, Here);
    }

    private async Task PeopleThePersonsAsync()
    {
        var all = await App.SignUpAndConfirm();
        var group = await all.CreatesGroup("A third clinic");
        await Account(all);
        await Each(Cast.People, async caller =>
        {
            (caller.Person, caller.Api) =
                caller.Credential != Credential.Session ? await Without(caller.Credential, all)
                : caller is { Account: true } ? (all, all.Api)
                : caller is { Confirmed: true } && await App.SignUpAndConfirm() is var person ? (person, person.Api)
                : await Group.AddsNewPerson() is var added ? (added, added.Api)
                : default;
            caller.GroupId = caller.Confirmed && caller.Member ? group.Id : Group.Id;
        });
    }

    private async Task PeopleThePortalAsync()
    {
        var holder = await App.SignUpAndConfirm();
        var account = await Account(holder);
        var guardian = await App.SignUpAndConfirm();
        await Account(guardian);
        await LinkPatient(account);
        var middle = await App.SignUpAndConfirm();
        var middleAccount = await Account(middle);
        await Each(Cast.Portal, async caller =>
        {
            caller.AccountId = account;
            if (caller.Credential != Credential.Session)
            {
                (caller.Person, caller.Api) = await Without(caller.Credential, holder);
                return;
            }

            switch (caller.Head)
            {
                case "holder":
                    caller.Person = holder;
                    break;
                case "guard" or "g14" or "g18":
                    caller.Person = guardian;
                    caller.AccountId = await Dependant(
                        caller.Head switch
                        {
                            "guard" => 8,
                            "g14" => 15,
                            _ => 40,
                        },
                        caller.Head == "g18" ? "legalGuardian" : "parent"
                    );
                    await LinkPatient(caller.AccountId);
                    break;
                case "staff":
                    caller.Person = Group.Owner;
                    break;
                case "none":
                    caller.Person = await App.SignUpAndConfirm();
                    break;
                case "e clin":
                    caller.Person = middle;
                    await Grants(holder, account, middle, "edit", "clinical");
                    break;
                default:
                    caller.Person = await App.SignUpAndConfirm();
                    await Account(caller.Person);
                    if (caller.Opens == Opens.AsGrantee)
                        await Grants(
                            holder,
                            account,
                            caller.Person,
                            caller.Edit ? "edit" : "view",
                            caller.Clinical ? "clinical" : "administrative"
                        );
                    await Arrange(caller);
                    break;
            }

            caller.Api = caller.Person.Api;
        });

        async Task Arrange(PortalCaller caller)
        {
            var decided = $"/api/portal/accounts/{account}/access";
            switch (caller.Head)
            {
                case "past":
                    var past = await Grants(holder, account, caller.Person, "edit", "clinical");
                    await Sql("update portal.grants set ends_on = current_date - 2 where id = $1", past);
                    await Sql(
                        "update authority.portal_access set ends_at = now() - interval '1 day' where grant_id = $1",
                        past
                    );
                    break;
                case "dis":
                    var disabled = await Grants(holder, account, caller.Person, "edit", "clinical");
                    (
                        await holder.Api.Change(
                            $"{decided}/{disabled}",
                            new
                            {
                                status = "disabled",
                                role = "edit",
                                level = "clinical",
                            }
                        )
                    ).Should(204);
                    break;
                case "gave":
                    var withdrawn = await Grants(holder, account, caller.Person, "edit", "clinical");
                    (await caller.Person.Api.Delete($"/api/portal/access/{withdrawn}")).Should(204);
                    break;
                case "asks" or "deny":
                    (
                        await caller.Person.Api.Post(
                            "/api/portal/access-requests",
                            new { email = holder.Email, role = "edit" }
                        )
                    ).Should(202);
                    var asked = await GrantOf(holder, account, caller.Person);
                    if (caller.Head == "deny")
                        (
                            await holder.Api.Change(
                                $"{decided}/{asked}",
                                new
                                {
                                    status = "disabled",
                                    role = "edit",
                                    level = "clinical",
                                }
                            )
                        ).Should(204);
                    break;
                case "via":
                    await Grants(middle, middleAccount, caller.Person, "edit", "clinical");
                    break;
            }
        }

        async Task<Guid> Dependant(int age, string relationship) => (
                await guardian.Api.Post(
                    "/api/portal/dependants",
                    new
                    {
                        firstName = "Mia",
                        lastName = "Little",
                        dateOfBirth = DateOnly.FromDateTime(DateTime.UtcNow).AddYears(-age).AddDays(-100),
                        relationship,
                    }
                )
            ).Should(201)["accountId"].GetGuid();
    }

    private async Task LinkPatient(Guid account) => _patientOf[account] = await Patient(Colleague.Id, account);

    private static async Task<Guid> Account(Person person) =>
        (await person.Api.Post("/api/portal/accounts", new { dateOfBirth = Born })).Should(201).Id;

    /// <summary>The holder lets a person in, and that has come into force.</summary>
    private static async Task<Guid> Grants(Person holder, Guid account, Person person, string role, string level)
    {
        (
            await holder.Api.Post(
                $"/api/portal/accounts/{account}/access",
                new
                {
                    email = person.Email,
                    role,
                    level,
                }
            )
        ).Should(202);
        var grant = await GrantOf(holder, account, person);
        await Eventually.Is(async () => (await person.Api.Get($"/api/portal/accounts/{account}")).Status == 200);
        return grant;
    }

    private static async Task<Guid> GrantOf(Person holder, Guid account, Person person) =>
        Guid.Parse(
            await Eventually.Get(async () =>
                (await holder.Api.GetAll($"/api/portal/accounts/{account}/access"))
                    .Where(item => item.GetProperty("email").GetString() == person.Email)
                    .Select(item => item.GetProperty("grantId").GetString())
                    .FirstOrDefault()
            )
        );

    private static async Task<(Guid Id, string Secret)> AddClient(Group group, string level, string? switchedOn = null)
    {
        var made = (
            await group.Owner.Api.Post(
                $"{group.Path}/clients",
                new
                {
                    name = "A program",
                    accessLevel = level,
                    settings = switchedOn is null ? null : new Dictionary<string, bool> { [switchedOn] = true },
                }
            )
        ).Should(201);
        return (made["clientId"].GetGuid(), made["clientSecret"].GetString()!);
    }

    /// <summary>A new API client with a token. It is no person; as one it has its own id.</summary>
    private async Task<(Person Person, ApiClient Api)> ClientOf(Group group, string level, string? switchedOn = null)
    {
        var (id, secret) = await AddClient(group, level, switchedOn);
        var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = id.ToString(),
                ["client_secret"] = secret,
            }
        );
        var token = (await App.Api.Post("/connect/token", form)).Should(200)["access_token"].GetString();
        var api = App.Api.WithToken(token);
        return (new Person(App, id, "", "", "A", "program", api), api);
    }

    /// <summary>
    /// A caller without a good session: of one who could do everything, the token is none, made up, expired or revoked;
    /// or the password is temporary.
    /// </summary>
    private async Task<(Person Person, ApiClient Api)> Without(Credential credential, Person of)
    {
        switch (credential)
        {
            case Credential.None:
                return (of, App.Api);
            case Credential.Forged:
                return (
                    of,
                    App.Api.WithToken(
                        Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))
                    )
                );
            case Credential.Client:
                return (of, (await ClientOf(Group, "full")).Api);
            case Credential.ExpiredClient or Credential.RevokedClient:
                var ended = await ClientOf(Group, "full");
                (await ended.Api.Get($"{Group.Path}/members")).Should(200);
                if (credential == Credential.RevokedClient)
                    (await Group.Owner.Api.Post($"{Group.Path}/clients/{ended.Person.Id}/revoke")).Should(204);
                else
                    await Sql(
                        "update authority.sessions set expires_at = now() - interval '1 second' where user_id = $1",
                        ended.Person.Id
                    );
                return (of, ended.Api);
            case Credential.TemporaryPassword:
                var (email, password) = (People.NewEmail(), People.NewPassword());
                var id = (
                    await Group.Owner.Api.Post(
                        $"{Group.Path}/members",
                        Group.Member(email, "full", password, "practitioner", null, [Here])
                    )
                )
                    .Should(201)["userId"]
                    .GetGuid();
                var api = await App.SignIn(email, password);
                return (new Person(App, id, email, password, "Ada", "Moss", api), api);
            default:
                var token = (await App.Api.Post("/api/users/sign-in", new { email = of.Email, password = of.Password }))
                    .Should(200)["accessToken"]
                    .GetString()!;
                var client = App.Api.WithToken(token);
                (await client.Get("/api/users/me")).Should(200);
                if (credential == Credential.Revoked)
                    (await client.Post("/api/users/sign-out")).Should(204);
                else
                    await Sql(
                        """
                        update authority.sessions set expires_at = now() - interval '1 second'
                        where token_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')
                        """,
                        token
                    );
                return (of, client);
        }
    }
}
