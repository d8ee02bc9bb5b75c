using System.Text.Json;
using Practice.Time;

namespace Practice.Host.Demo;

/// <summary>
/// A practice to try everything with: eight people of all access levels at two locations, forty patients, a family with
/// a shared account, a week and more of appointments, invoices in each state and records. It is made with the same HTTP
/// calls that people make, so it needs no special access. Each step first looks what is there, so that the next start
/// completes an interrupted one.
/// </summary>
internal sealed class DemoPractice
{
    private const string Name = "Riverside Health (demo)";
    private const string Zone = "Australia/Melbourne";
    private const string Riverside = "Riverside";
    private const string Hillside = "Hillside";

    private static readonly string[] Reasons =
    [
        "Back pain",
        "First visit",
        "Follow-up",
        "Knee after surgery",
        "Review of exercises",
        "Sleep",
        "Sore heel",
        "Meal plan",
    ];

    private static readonly (string Kind, string Title, string Body)[] Records =
    [
        (
            "note",
            "First visit",
            "Lower back, stiff in the morning.\nWalking helps. Exercises shown, five minutes a day."
        ),
        ("note", "Follow-up", "Less pain. Bends further than last time.\nGo on with the exercises, swim once a week."),
        ("letter", "To the family doctor", "Thank you for sending this patient.\nI suggest six visits, then a review."),
        ("result", "Strength test", "Left leg 82 % of the right one; 74 % a month ago."),
    ];

    private readonly DemoApi _api;
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, Guid> _locations = [];
    private readonly Dictionary<DemoMember, Guid> _members = [];
    private string _group = "";

    private DemoPractice(DemoApi api, DateTimeOffset now) => (_api, _now) = (api, now);

    private static DemoPerson Owner => DemoPeople.Owner.Person;

    private DateOnly Today => _zone.DayOf(_now);

    /// <summary>Makes the parts of the demo practice that do not exist yet.</summary>
    /// <returns>The demo accounts, as lines of text; with the password only if they were made now.</returns>
    public static async Task<IReadOnlyList<string>> SeedAsync(
        IServiceProvider services,
        HostSettings settings,
        string url,
        CancellationToken ct
    )
    {
        var marker = Path.Combine(settings.DataDirectory, "demo.done");
        if (File.Exists(marker))
            return SignIns(null);
        using var api = new DemoApi(url, settings.PickupDirectory!);
        try
        {
            await new DemoPractice(api, services.GetRequiredService<TimeProvider>().GetUtcNow()).MakeAsync(ct);
            Directory.CreateDirectory(settings.DataDirectory);
            await File.WriteAllTextAsync(marker, Name, ct);
        }
        catch (Exception exception)
            when (exception
                    is DemoCallException
                        or HttpRequestException
                        or TimeoutException
                        or IOException
                        or OperationCanceledException
            )
        {
            services
                .GetRequiredService<ILogger<DemoPractice>>()
                .LogWarning(
                    "Could not complete the demo practice; the next start continues: {Reason}",
                    exception.Message
                );
            return [];
        }

        return SignIns(api.Password);
    }

    private static List<string> SignIns(string? password) =>
        [
            $"Demo practice \"{Name}\":",
            .. DemoPeople
                .Staff.Append(DemoPeople.Invited)
                .Select(member =>
                    Line(member.Person, $"{(member.Level is { } level ? $"{level}: " : "")}{member.Description}")
                ),
            Line(DemoPeople.Mother, "patient; runs the accounts of her two children"),
            Line(DemoPeople.Father, "sees Mara's appointments and invoices"),
            Line(DemoPeople.Grandmother, "has asked Mara for access"),
            password is null
                ? "Their password was shown when they were made. Set a new one at /forgot-password."
                : $"Password of all of them: {password}   (shown only now, and stored nowhere)",
        ];

    private static string Line(DemoPerson person, string description) => $"  {person.Email, -26}{description}";

    private async Task MakeAsync(CancellationToken ct)
    {
        await MakePracticeAsync(ct);
        await MakeStaffAsync(ct);
        var patients = await MakePatientsAsync(ct);
        await MakeFamilyAsync(patients, ct);
        await BookAsync(patients, ct);
        await BillAsync(patients, ct);
        await WriteRecordsAsync(patients, ct);
    }

    private async Task MakePracticeAsync(CancellationToken ct)
    {
        await _api.SignUpAsync(Owner, ct);
        var mine = (await _api.ListAsync(Owner, "/api/groups", ct)).FirstOrDefault(group =>
            Text(group, "name") == Name
        );
        var id =
            mine.ValueKind == JsonValueKind.Object
                ? mine.GetProperty("id").GetGuid()
                : await _api.AddAsync(
                    Owner,
                    "/api/groups",
                    new
                    {
                        name = Name,
                        roleType = DemoPeople.Owner.RoleType,
                        profession = DemoPeople.Owner.Profession,
                        location = new { name = Riverside, timeZone = Zone },
                    },
                    ct
                );
        _group = $"/api/groups/{id}";
        await _api.PutAsync(
            Owner,
            _group,
            new
            {
                name = Name,
                address = "12 Riverside Walk\nMelbourne VIC 3000",
                phone = "(02) 5550 1234",
                businessNumber = "51 824 753 556",
                reminders = new { enabled = true, hoursBefore = 24 },
                invoices = new { currency = "AUD", dueAfterDays = 14 },
            },
            ct
        );

        foreach (var location in await _api.ListAsync(Owner, $"{_group}/locations", ct))
            _locations[Text(location, "name")!] = location.GetProperty("id").GetGuid();
        await _api.PutAsync(
            Owner,
            $"{_group}/locations/{_locations[Riverside]}",
            Location(Riverside, "08:00", "18:00"),
            ct
        );
        if (!_locations.ContainsKey(Hillside))
            _locations[Hillside] = await _api.AddAsync(
                Owner,
                $"{_group}/locations",
                Location(Hillside, "08:30", "17:30"),
                ct
            );
    }

    private static object Location(string name, string opens, string closes)
    {
        var (day, weekend) = (new[] { new { opens, closes } }, new[] { new { opens = "09:00", closes = "13:00" } });
        return new
        {
            name,
            timeZone = Zone,
            address = $"{(name == Riverside ? "12 Riverside Walk" : "3 Hill Street")}\nMelbourne VIC 3000",
            phone = "(02) 5550 1234",
            hours = new
            {
                monday = day,
                tuesday = day,
                wednesday = day,
                thursday = day,
                friday = day,
                saturday = weekend,
                sunday = weekend,
            },
        };
    }

    private async Task MakeStaffAsync(CancellationToken ct)
    {
        var there = await _api.ListAsync(Owner, $"{_group}/members", ct);
        foreach (var member in DemoPeople.Staff.Where(member => member.Level is not null))
        {
            if (there.Any(item => Text(item, "email") == member.Person.Email))
            {
                await _api.ResetPasswordAsync(member.Person, ct);
                continue;
            }

            // All but the receptionist followed the link in their mail, and chose another password themselves.
            var (known, chooses) = (_api.MailsTo(member.Person), member != DemoPeople.Receptionist);
            var temporary = chooses ? $"{_api.Password}-temporary" : _api.Password;
            await _api.PostAsync(Owner, $"{_group}/members", NewMember(member, temporary), ct);
            if (chooses)
            {
                var token = await _api.TokenOfNextMailAsync(member.Person, known, ct);
                await _api.PostAsync(null, "/api/users/confirm-email", new { token, _api.Password }, ct);
            }
        }

        foreach (var item in await _api.ListAsync(Owner, $"{_group}/members", ct))
            if (DemoPeople.Staff.FirstOrDefault(m => m.Person.Email == Text(item, "email")) is { } member)
                _members[member] = item.GetProperty("userId").GetGuid();

        await _api.SignUpAsync(DemoPeople.Invited.Person, ct);
        var invitations = await _api.ListAsync(Owner, $"{_group}/invitations?status=pending", ct);
        if (!invitations.Any(item => Text(item, "email") == DemoPeople.Invited.Person.Email))
            await _api.PostAsync(Owner, $"{_group}/members", NewMember(DemoPeople.Invited, password: null), ct);
    }

    private object NewMember(DemoMember member, string? password) =>
        new
        {
            member.Person.FirstName,
            member.Person.LastName,
            member.Person.Email,
            confirmEmail = member.Person.Email,
            member.RoleType,
            member.Profession,
            member.RegistrationNumber,
            accessLevel = member.Level,
            password,
            confirmPassword = password,
            locationIds = member == DemoPeople.Podiatrist ? [_locations[Hillside]]
            : member == DemoPeople.Dietitian || member.RoleType == "administrator" ? _locations.Values.ToArray()
            : [_locations[Riverside]],
        };

    /// <returns>Their ids, in the order of the people.</returns>
    private async Task<List<(Guid Id, DemoPatient Patient)>> MakePatientsAsync(CancellationToken ct)
    {
        var there = (await _api.ListAsync(Owner, $"{_group}/patients", ct)).ToDictionary(
            item => (Text(item, "firstName"), Text(item, "lastName")),
            item => item.GetProperty("id").GetGuid()
        );
        List<(Guid, DemoPatient)> patients = [];
        foreach (var patient in DemoPeople.Patients(Today))
        {
            if (!there.TryGetValue((patient.FirstName, patient.LastName), out var id))
                id = await _api.AddAsync(Owner, $"{_group}/patients", patient, ct);
            patients.Add((id, patient));
        }

        return patients;
    }

    /// <summary>
    /// A mother with a portal account of her own, who runs those of two children, shares hers with the father, and is
    /// asked by the grandmother. She has asked for an appointment.
    /// </summary>
    private async Task MakeFamilyAsync(List<(Guid Id, DemoPatient Patient)> patients, CancellationToken ct)
    {
        var (mother, family) = (DemoPeople.Mother, patients.Take(DemoPeople.Family(Today).Count).ToList());
        await _api.SignUpAsync(mother, ct);
        await ClaimAsync(family[0], null, ct);
        var accounts = await _api.ListAsync(mother, "/api/portal/accounts", ct);
        var own = accounts.First(account => Text(account, "relation") == "self").GetProperty("accountId").GetGuid();
        foreach (var child in family.Skip(1))
        {
            var known = accounts.FirstOrDefault(a => Text(a, "name") == $"{child.Patient.FirstName} {mother.LastName}");
            var account =
                known.ValueKind == JsonValueKind.Object
                    ? known
                    : await _api.PostAsync(
                        mother,
                        "/api/portal/dependants",
                        new
                        {
                            child.Patient.FirstName,
                            child.Patient.LastName,
                            child.Patient.DateOfBirth,
                            relationship = "parent",
                        },
                        ct
                    );
            var accountId = account.GetProperty("accountId").GetGuid();
            await ClaimAsync(child, accountId, ct);
            var requests = $"/api/portal/accounts/{accountId}/appointment";
            if (child == family[^1] && (await _api.ListAsync(mother, $"{requests}-requests", ct)).Count == 0)
                await _api.PostAsync(
                    mother,
                    $"{requests}s",
                    new
                    {
                        groupId = _group.Split('/')[^1],
                        startsAt = At(Today.AddDays(8), new TimeOnly(15, 30)),
                        practitionerId = _members[DemoPeople.Physiotherapist],
                        locationId = _locations[Riverside],
                        reason = "Her ankle, after a fall. After school, please.",
                    },
                    ct
                );
        }

        await _api.SignUpAsync(DemoPeople.Father, ct);
        await _api.SignUpAsync(DemoPeople.Grandmother, ct);
        await OpenAccountAsync(DemoPeople.Father, new DateOnly(1986, 11, 3), ct);
        await OpenAccountAsync(DemoPeople.Grandmother, new DateOnly(1957, 2, 20), ct);
        var access = await _api.ListAsync(mother, $"/api/portal/accounts/{own}/access", ct);
        if (!access.Any(grant => Text(grant, "email") == DemoPeople.Father.Email))
            await _api.PostAsync(
                mother,
                $"/api/portal/accounts/{own}/access",
                new
                {
                    DemoPeople.Father.Email,
                    role = "view",
                    level = "administrative",
                },
                ct
            );
        if (!access.Any(grant => Text(grant, "email") == DemoPeople.Grandmother.Email))
            await _api.PostAsync(
                DemoPeople.Grandmother,
                "/api/portal/access-requests",
                new { mother.Email, role = "view" },
                ct
            );
    }

    private async Task OpenAccountAsync(DemoPerson person, DateOnly dateOfBirth, CancellationToken ct)
    {
        if ((await _api.ListAsync(person, "/api/portal/accounts", ct)).Count == 0)
            await _api.PostAsync(person, "/api/portal/accounts", new { dateOfBirth }, ct);
    }

    /// <summary>The practice invites the mother for the patient, and she follows the link.</summary>
    /// <param name="accountId">The child's account; null for her own.</param>
    private async Task ClaimAsync((Guid Id, DemoPatient Patient) of, Guid? accountId, CancellationToken ct)
    {
        var path = $"{_group}/patients/{of.Id}";
        if (Text(await _api.GetAsync(Owner, path, ct), "portal") == "linked")
            return;
        var known = _api.MailsTo(DemoPeople.Mother);
        await _api.PostAsync(
            Owner,
            $"{path}/invite",
            accountId is null ? null : new { guardianEmail = DemoPeople.Mother.Email },
            ct
        );
        var token = await _api.TokenOfNextMailAsync(DemoPeople.Mother, known, ct);
        await _api.PostAsync(
            DemoPeople.Mother,
            "/api/portal/claims",
            accountId is null
                ? new
                {
                    token,
                    accountId,
                    dateOfBirth = (DateOnly?)of.Patient.DateOfBirth,
                }
                : new
                {
                    token,
                    accountId,
                    dateOfBirth = (DateOnly?)null,
                },
            ct
        );
    }

    /// <summary>Two days back and six ahead: fewer at weekends, and each past one has come to its end.</summary>
    private async Task BookAsync(List<(Guid Id, DemoPatient Patient)> patients, CancellationToken ct)
    {
        TimeOnly[] times = [new(9, 0), new(10, 15), new(11, 30), new(14, 0), new(15, 45)];
        var next = 0;
        for (var day = -2; day <= 6; day++)
        {
            var date = Today.AddDays(day);
            var isWeekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            foreach (var (index, practitioner) in DemoPeople.Practitioners.Index())
            {
                if (isWeekend && index > 1)
                    continue;
                foreach (var time in times.Skip(isWeekend ? 0 : index % 2).Take(isWeekend ? 2 : 4))
                {
                    // Each practitioner has patients of their own, who come again.
                    var mine = patients.Where((_, number) => number % DemoPeople.Practitioners.Count == index).ToList();
                    var patient = mine[next % mine.Count].Id;
                    await BookAsync(patient, practitioner, At(date, time), next++, ct);
                }
            }
        }
    }

    private async Task BookAsync(
        Guid patient,
        DemoMember practitioner,
        DateTimeOffset startsAt,
        int number,
        CancellationToken ct
    )
    {
        Guid appointment;
        try
        {
            appointment = await _api.AddAsync(
                Owner,
                $"{_group}/patients/{patient}/appointments",
                new
                {
                    startsAt,
                    endsAt = startsAt.AddMinutes(number % 3 == 0 ? 60 : 45),
                    practitionerId = _members[practitioner],
                    locationId = _locations[practitioner == DemoPeople.Podiatrist ? Hillside : Riverside],
                    reason = Reasons[number % Reasons.Length],
                    room = $"Room {(DemoPeople.Practitioners.Index().First(p => p.Item == practitioner).Index) + 1}",
                    allowOutsideHours = true, // earlier days
                },
                ct
            );
        }
        catch (DemoCallException refused) when (refused.Code == "portal.overlaps")
        {
            return; // an interrupted start has booked it
        }

        var path = $"{_group}/appointments/{appointment}";
        if (startsAt.AddHours(1) < _now)
            await _api.PostAsync(Owner, number % 11 == 5 ? $"{path}/no-show" : $"{path}/complete", null, ct);
        else if (startsAt < _now.AddMinutes(20))
            await _api.PostAsync(Owner, $"{path}/arrive", null, ct);
        else if (number % 17 == 8)
            await _api.PostAsync(Owner, $"{path}/cancel", new { reason = "Called: has a cold." }, ct);
    }

    /// <summary>Invoices that are new, overdue, paid in part, paid and void.</summary>
    private async Task BillAsync(List<(Guid Id, DemoPatient Patient)> patients, CancellationToken ct)
    {
        var billed = (await _api.ListAsync(Owner, $"{_group}/invoices?from=2000-01-01", ct))
            .Select(invoice => invoice.GetProperty("patientId").GetGuid())
            .ToHashSet();
        foreach (var (number, (patient, _)) in patients.Take(24).Index().Where(item => !billed.Contains(item.Item.Id)))
        {
            var issuedOn = Today.AddDays(-(23 - number) * 4);
            var practitioner = DemoPeople.Practitioners[number % DemoPeople.Practitioners.Count];
            var tape = new
            {
                description = "Tape",
                quantity = 2,
                unitPrice = "6.50",
                taxRate = 10,
            };
            var visit = new
            {
                description = number % 5 == 0 ? "First visit" : "Visit",
                quantity = 1,
                unitPrice = number % 5 == 0 ? "140" : "95",
                taxRate = 0,
            };
            var invoice = await _api.AddAsync(
                Owner,
                $"{_group}/patients/{patient}/invoices",
                new
                {
                    issuedOn,
                    dueOn = issuedOn.AddDays(14),
                    currency = "AUD",
                    practitionerId = _members[practitioner],
                    locationId = _locations[practitioner == DemoPeople.Podiatrist ? Hillside : Riverside],
                    lines = number % 3 == 0 ? new[] { visit, tape } : [visit],
                },
                ct
            );
            var path = $"{_group}/invoices/{invoice}";
            if (number == 10)
                await _api.PostAsync(Owner, $"{path}/void", new { reason = "Issued twice." }, ct);
            else if (number % 5 != 4)
                await _api.PostAsync(
                    Owner,
                    $"{path}/payments",
                    new
                    {
                        amount = number % 5 == 3 ? "50" : Text(await _api.GetAsync(Owner, path, ct), "balance"),
                        method = number % 2 == 0 ? "card" : "bankTransfer",
                        paidOn = issuedOn,
                    },
                    ct
                );
        }
    }

    /// <summary>Each practitioner writes about their own patients, and shares every other record.</summary>
    private async Task WriteRecordsAsync(List<(Guid Id, DemoPatient Patient)> patients, CancellationToken ct)
    {
        foreach (var (number, (patient, _)) in patients.Take(16).Index())
        {
            var by = DemoPeople.Practitioners[number % DemoPeople.Practitioners.Count].Person;
            var path = $"{_group}/patients/{patient}/clinical-records";
            if ((await _api.ListAsync(by, path, ct)).Count > 0)
                continue;
            var (kind, title, body) = Records[number / 2 % Records.Length];
            await _api.PostAsync(
                by,
                path,
                new
                {
                    kind,
                    title,
                    body,
                    recordedAt = _now.AddDays(-number - 1),
                    shared = number % 2 == 0,
                },
                ct
            );
        }
    }

    private DateTimeOffset At(DateOnly day, TimeOnly time) => _zone.FirstFrom(day.ToDateTime(time)).ToUniversalTime();

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
