using Hl7.Fhir.Model;
#nullable disable warnings // of FHIR any part may be missing: then the test fails
using Group = Practice.TestKit.Group;
using Person = Practice.TestKit.Person;
using Task = System.Threading.Tasks.Task;

namespace Practice.Host.Tests.Fhir;

[Collection(nameof(FhirPractice))]
public sealed class FhirSearchTests
{
    [Theory]
    [InlineData(401, "login", "Patient", "nobody")]
    [InlineData(403, "forbidden", "AuditEvent", "personal")]
    [InlineData(404, "not-found", "Patient/00000000-0000-4000-8000-000000000000")]
    [InlineData(404, "not-found", "Patient/7")]
    [InlineData(404, "not-found", "Patient/7/_history")]
    [InlineData(404, "not-found", "Observation")]
    [InlineData(404, "not-found", "Observation/1")]
    [InlineData(404, "not-found", "RelatedPerson/7")]
    [InlineData(400, "invalid", "Patient?_count=0")]
    [InlineData(400, "invalid", "Patient?_count=many")]
    [InlineData(400, "invalid", "Patient?_after=somewhere")]
    [InlineData(400, "invalid", "Patient?birthdate=1.1.2000")]
    [InlineData(400, "invalid", "Patient?birthdate=0001-01-01")]
    [InlineData(400, "invalid", "Patient?birthdate=sa2000-01-01")]
    [InlineData(400, "invalid", "Patient?_lastUpdated=2026-01-01T09:00:00")]
    [InlineData(400, "invalid", "Patient?name:contains=a")]
    [InlineData(400, "invalid", "Patient?active:not=true")]
    [InlineData(400, "invalid", "Appointment?status=http://hl7.org/fhir/appointmentstatus|")]
    [InlineData(400, "invalid", "Patient?name=")]
    [InlineData(400, "invalid", "Patient?name=a%00b")]
    [InlineData(400, "invalid", "Patient?name=a&name=b&name=c")]
    [InlineData(400, "invalid", "Consent")]
    [InlineData(400, "invalid", "DocumentReference?date=2026")]
    [InlineData(406, "not-supported", "Patient?_format=xml")]
    [InlineData(406, "not-supported", "metadata?_format=application/fhir%2Bxml")]
    public async Task An_error_is_an_OperationOutcome(int status, string code, string call, string who = "owner")
    {
        var practice = await FhirPractice.StartedAsync();
        var caller = who switch
        {
            "nobody" => practice.Owner.WithToken(null),
            "personal" => await practice.SignInAsync("paul@riverside.example"),
            _ => practice.Owner,
        };
        var outcome = FhirPractice.Read<OperationOutcome>(await caller.Get($"{practice.Path}/{call}"), status);
        Assert.Equal(code, Hl7.Fhir.Utility.EnumUtility.GetLiteral(outcome.Issue[0].Code));
        Assert.NotEmpty(outcome.Issue[0].Details.Text);
        Assert.NotEqual("request.failed", outcome.Issue[0].Details.Coding.Single().Code);
        Assert.Empty(practice.App.Log.Errors);
    }

    [Fact]
    public async Task A_method_that_there_is_not_and_an_unknown_practice_are_OperationOutcomes()
    {
        var practice = await FhirPractice.StartedAsync();
        FhirPractice.Read<OperationOutcome>(await practice.Owner.Delete($"{practice.Path}/Patient/7"), 405);
        FhirPractice.Read<OperationOutcome>(await practice.Owner.Get($"/fhir/groups/{Guid.NewGuid()}/Patient"), 404);
        FhirPractice.Read<OperationOutcome>(await practice.Owner.Get("/fhir/groups/7/Patient"), 404);
        FhirPractice.Read<OperationOutcome>(
            await practice
                .Owner.WithHeader("Accept", "text/html, application/xml;q=0.9")
                .Get($"{practice.Path}/Patient"),
            406
        );
    }

    [Fact]
    public async Task Pages_hold_every_resource_once_and_their_state_is_in_the_query()
    {
        var practice = await FhirPractice.StartedAsync();
        foreach (
            var query in new[]
            {
                "Patient?_count=7",
                "Appointment?_count=20",
                "Invoice?_count=5",
                "PractitionerRole?_count=3",
                "Patient?_lastUpdated=ge2000&_count=9",
            }
        )
        {
            var all = await practice.SearchAsync<Resource>(practice.Owner, query);
            Assert.True(all.Count > 7, query);
            Assert.Equal(all.Count, all.DistinctBy(resource => resource.Id).Count());
            var type = query[..query.IndexOf('?')];
            Assert.Equal(all.Count, (await practice.SearchAsync<Resource>(practice.Owner, $"{type}?_count=200")).Count);
        }

        // A client that keeps nothing but the query of the link, and adds a size of its own.
        var first = FhirPractice.Read<Bundle>(
            await practice.Owner.Get($"{practice.Path}/Patient?active=true&_count=3")
        );
        var second = FhirPractice.Read<Bundle>(
            await practice.Owner.Get($"{practice.Path}/Patient{first.NextLink.Query}&_count=5")
        );
        Assert.Equal(5, second.Entry.Count);
        Assert.DoesNotContain(second.Entry[0].Resource.Id, first.Entry.Select(entry => entry.Resource.Id));
    }

    [Fact]
    public async Task A_parameter_that_is_unknown_is_left_out_of_the_link_or_refused_if_the_caller_is_strict()
    {
        var practice = await FhirPractice.StartedAsync();
        var path = $"{practice.Path}/Patient?shoe-size=40&active=true&_count=2";
        var page = FhirPractice.Read<Bundle>(await practice.Owner.Get(path));
        Assert.Equal(
            $"https://practice.test{practice.Path}/Patient?active=true&_count=2",
            page.SelfLink.OriginalString
        );

        foreach (var prefer in (string[])["handling=strict", "return=minimal; handling=\"strict\""])
        {
            var strict = practice.Owner.WithHeader("Prefer", prefer);
            var outcome = FhirPractice.Read<OperationOutcome>(await strict.Get(path), 400);
            Assert.Equal(["http.shoe-size"], outcome.Issue.Single().Location);
        }
    }

    [Fact]
    public async Task A_page_has_two_hundred_resources_at_most()
    {
        var practice = await FhirPractice.StartedAsync();
        var page = FhirPractice.Read<Bundle>(await practice.Owner.Get($"{practice.Path}/Patient?_count=1000"));
        Assert.EndsWith("?_count=200", page.SelfLink.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archived_patient_is_not_active()
    {
        var group = await (await (await FhirPractice.StartedAsync()).App.SignUpAndConfirm()).CreatesGroup();
        var (here, archived) = (await AddsPatient(group), await AddsPatient(group));
        (await group.Owner.Api.Post($"{group.Path}/patients/{archived}/archive")).Should(204);
        var path = $"/fhir/groups/{group.Id}/Patient";

        Assert.False(FhirPractice.Read<Patient>(await group.Owner.Api.Get($"{path}/{archived}")).Active);
        Assert.Equal([$"{archived}"], await Found(group.Owner, $"{path}?active=false"));
        Assert.Equal([$"{here}"], await Found(group.Owner, $"{path}?active=true"));
    }

    [Fact]
    public async Task A_record_is_read_by_who_may_see_it_and_its_patient()
    {
        var owner = await (await FhirPractice.StartedAsync()).App.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "nurse");
        var patient = await AddsPatient(group);
        var colleague = await group.AddsNewPerson("contact", "practitioner", null, group.LocationId);
        var (theirs, own) = (await Writes(owner), await Writes(colleague));
        var reader = await group.AddsNewPerson(
            "personal",
            "practitioner",
            new() { ["othersClinicalRecords"] = true },
            group.LocationId
        );
        var path = $"/fhir/groups/{group.Id}/DocumentReference";

        Assert.Equal(2, (await Found(owner, $"{path}?patient={patient}")).Count);
        Assert.Equal([$"{own}"], await Found(colleague, $"{path}?patient={patient}"));
        FhirPractice.Read<OperationOutcome>(await colleague.Api.Get($"{path}/{theirs}"), 404);
        // A colleague's patient, whom this one does not see.
        FhirPractice.Read<OperationOutcome>(await reader.Api.Get($"{path}/{theirs}"), 404);

        async Task<Guid> Writes(Person author) => (
                await author.Api.Post(
                    $"{group.Path}/patients/{patient}/clinical-records",
                    new
                    {
                        kind = "note",
                        title = "First visit",
                        body = "All is well.",
                        recordedAt = DateTimeOffset.UtcNow.AddMinutes(-5),
                    }
                )
            ).Should(201).Id;
    }

    [Fact]
    public async Task A_resource_is_answered_with_its_version_and_again_only_once_it_has_changed()
    {
        var practice = await FhirPractice.StartedAsync();
        var start = practice.App.Clock.GetUtcNow();
        var patient = (await practice.SearchAsync<Patient>(practice.Owner, "Patient?active=true"))[10];
        var path = $"{practice.Path}/Patient/{patient.Id}";
        var read = await practice.Owner.Get(path);
        Assert.Equal($"W/\"{FhirPractice.Read<Patient>(read).Meta.VersionId}\"", read.ETag);

        var conditional = practice.Owner.WithHeader("If-None-Match", read.ETag!);
        Assert.Equal(304, (await conditional.Get(path)).Status);
        var view = await practice.Owner.Get($"{practice.Api}/patients/{patient.Id}");
        (
            await practice.Owner.Put(
                $"{practice.Api}/patients/{patient.Id}",
                new
                {
                    firstName = "Changed",
                    lastName = view["lastName"].GetString(),
                    dateOfBirth = view["dateOfBirth"].GetString(),
                    locationId = view["locationId"].GetString(),
                },
                view.ETag
            )
        ).Should(204);

        var changed = FhirPractice.Read<Patient>(await conditional.Get(path));
        Assert.Equal("Changed", changed.Name[0].Given.Single());
        var since = Uri.EscapeDataString(patient.Meta.LastUpdated!.Value.AddMilliseconds(1).ToString("O"));
        var news = await practice.SearchAsync<Patient>(practice.Owner, $"Patient?_lastUpdated=gt{since}");
        Assert.Equal(patient.Id, news[^1].Id);
        Assert.Empty(
            await practice.SearchAsync<Patient>(practice.Owner, $"Patient?_lastUpdated=lt{since}&_id={patient.Id}")
        );
    }

    [Fact]
    public async Task People_are_found_by_name_identifier_and_state()
    {
        var practice = await FhirPractice.StartedAsync();
        var patient = (await practice.SearchAsync<Patient>(practice.Owner, "Patient"))[3];
        var (family, code) = (Uri.EscapeDataString(patient.Name[0].Family), patient.Identifier[0]);
        var found = new[]
        {
            $"name={Uri.EscapeDataString(patient.Name[0].Family[..3].ToUpperInvariant())}",
            $"name={Uri.EscapeDataString(patient.Name[0].Text)}",
            $"name:exact={family}",
            $"identifier={code.Value}",
            $"identifier={code.System}|{code.Value}",
            $"identifier=x,{code.Value}",
            $"identifier={code.System}|",
            $"identifier={code.System}|&identifier={code.Value}",
            $"birthdate={patient.BirthDate}",
            $"birthdate={patient.BirthDate[..7]}",
            $"_id={patient.Id},{Guid.NewGuid()}",
        };
        foreach (var query in found)
            Assert.Contains(
                patient.Id,
                (await practice.SearchAsync<Patient>(practice.Owner, $"Patient?{query}")).Select(one => one.Id)
            );
        var missed = new[]
        {
            $"name:exact={family.ToUpperInvariant()}",
            $"name={Uri.EscapeDataString(patient.BirthDate)}",
            $"identifier=urn:other|{code.Value}",
            "identifier=urn:other|",
            $"identifier=|{code.Value}",
            $"identifier={code.System}|&identifier=x",
            $"birthdate=gt{patient.BirthDate}",
            $"birthdate=lt{patient.BirthDate}",
            $"_id={patient.Id}&_id={Guid.NewGuid()}",
            $"_id={patient.Id}&active=false",
            $"_id={patient.Id.ToUpperInvariant()}",
            "_id=7",
        };
        foreach (var query in missed)
            Assert.DoesNotContain(
                patient.Id,
                (await practice.SearchAsync<Patient>(practice.Owner, $"Patient?{query}")).Select(one => one.Id)
            );

        // The practice entered it in groups.
        var abn = (await practice.SearchAsync<Organization>(practice.Owner, "Organization")).Single().Identifier[0];
        Assert.Equal(("http://hl7.org.au/id/abn", "51824753556"), (abn.System, abn.Value));
        foreach (var number in new[] { abn.Value, "51 824 753 556", $"{abn.System}|{abn.Value}" })
            Assert.Single(
                await practice.SearchAsync<Organization>(
                    practice.Owner,
                    $"Organization?identifier={Uri.EscapeDataString(number)}"
                )
            );
        Assert.Empty(await practice.SearchAsync<Organization>(practice.Owner, "Organization?identifier=51824753557"));

        Assert.Single(
            await practice.SearchAsync<Organization>(practice.Owner, $"Organization?identifier={abn.System}|")
        );

        var members = await practice.SearchAsync<Practitioner>(practice.Owner, "Practitioner");
        var registered = members.First(one => one.Identifier.Count > 0);
        var ahpra = registered.Identifier[0];
        Assert.Equal(
            members.Where(one => one.Identifier.Count > 0).Select(one => one.Id),
            (
                await practice.SearchAsync<Practitioner>(
                    practice.Owner,
                    $"Practitioner?identifier={Uri.EscapeDataString($"{ahpra.System}|")}"
                )
            ).Select(one => one.Id)
        );
        Assert.True(members.Exists(one => one.Identifier.Count == 0));
        Assert.Equal("http://hl7.org.au/id/ahpra-registration-number", ahpra.System);
        Assert.Equal(
            registered.Id,
            Assert
                .Single(
                    await practice.SearchAsync<Practitioner>(
                        practice.Owner,
                        $"Practitioner?identifier={Uri.EscapeDataString($"{ahpra.System}|{ahpra.Value}")}"
                    )
                )
                .Id
        );
    }

    [Fact]
    public async Task A_search_by_form_finds_the_same_and_keeps_names_out_of_addresses()
    {
        var practice = await FhirPractice.StartedAsync();
        var patient = (await practice.SearchAsync<Patient>(practice.Owner, "Patient"))[5];
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["name"] = patient.Name[0].Text, ["_count"] = "1" }
        );
        var page = FhirPractice.Read<Bundle>(await practice.Owner.Post($"{practice.Path}/Patient/_search", form));
        Assert.Equal(patient.Name[0].Text, ((Patient)page.Entry.Single().Resource).Name[0].Text);

        var path = $"{practice.Path}/Patient/_search";
        FhirPractice.Read<OperationOutcome>(await practice.Owner.Post(path, new { name = "A" }), 415);
        using var many = new FormUrlEncodedContent(
            Enumerable.Range(0, 2_000).Select(i => KeyValuePair.Create($"p{i}", "1"))
        );
        FhirPractice.Read<OperationOutcome>(await practice.Owner.Post(path, many), 400);
        using var same = new FormUrlEncodedContent(Enumerable.Repeat(KeyValuePair.Create("active", "true"), 40));
        FhirPractice.Read<OperationOutcome>(await practice.Owner.Post(path, same), 400);
    }

    [Fact]
    public async Task Appointments_are_found_by_date_patient_practitioner_and_location()
    {
        var practice = await FhirPractice.StartedAsync();
        var all = await practice.SearchAsync<Appointment>(practice.Owner, "Appointment?_count=200");
        var one = all[all.Count / 2];
        var (patient, practitioner, location) = (Actor(one, 0), Actor(one, 1), Actor(one, 2));
        var start = Uri.EscapeDataString(one.Start!.Value.ToString("yyyy-MM-ddTHH:mm:ssK"));
        var queries = new (string Query, Func<Appointment, bool> Meant)[]
        {
            ($"date={start}", other => other.Start == one.Start),
            ($"date=ge{start}", other => other.Start >= one.Start),
            ($"date=gt{start}", other => other.Start > one.Start),
            ($"date=le{start}", other => other.Start <= one.Start),
            ($"date=lt{start}", other => other.Start < one.Start),
            ($"patient={patient}", other => Actor(other, 0) == patient),
            ($"patient=https://practice.test{practice.Path}/{patient}", other => Actor(other, 0) == patient),
            ($"patient={practitioner}", _ => false),
            ($"practitioner={practitioner}&location={location}", other =>
                Actor(other, 1) == practitioner && Actor(other, 2) == location
            ),
            ("status=fulfilled,noshow", other =>
                other.Status is Appointment.AppointmentStatus.Fulfilled or Appointment.AppointmentStatus.Noshow
            ),
        };
        foreach (var (query, meant) in queries)
            Assert.Equal(
                all.Where(meant).Select(appointment => appointment.Id).Order(StringComparer.Ordinal),
                (await practice.SearchAsync<Appointment>(practice.Owner, $"Appointment?{query}"))
                    .Select(appointment => appointment.Id)
                    .Order(StringComparer.Ordinal)
            );

        static string Actor(Appointment appointment, int at) => appointment.Participant[at].Actor.Reference;
    }

    /// <summary>A date without a time reaches from one midnight to the next.</summary>
    [Fact]
    public async Task Invoices_are_found_by_a_time_of_the_day_of_issue()
    {
        var practice = await FhirPractice.StartedAsync();
        var all = await practice.SearchAsync<Invoice>(practice.Owner, "Invoice?_count=200");
        var days = all.Select(invoice => DateOnly.ParseExact(invoice.Date, "yyyy-MM-dd", null)).Distinct().Order();
        var day = days.ElementAt(days.Count() / 2);
        var (that, next, noon) = ($"{day:yyyy-MM-dd}", $"{day.AddDays(1):yyyy-MM-dd}", $"{day:yyyy-MM-dd}T12:00:00Z");
        var queries = new (string Date, Func<DateOnly, bool> Meant)[]
        {
            (that, issued => issued == day),
            ($"ge{that}", issued => issued >= day),
            ($"gt{that}", issued => issued > day),
            ($"le{that}", issued => issued <= day),
            ($"lt{that}", issued => issued < day),
            (noon, _ => false), // no day is within a second
            ($"ge{noon}", issued => issued >= day),
            ($"gt{noon}", issued => issued >= day),
            ($"le{noon}", issued => issued <= day),
            ($"lt{noon}", issued => issued <= day),
            ($"lt{that}T00:00:00Z", issued => issued < day),
            ($"gt{that}T23:59:59Z", issued => issued > day),
            ($"ge{next}T00:00:00Z", issued => issued > day),
            ($"ge{noon}&date=le{noon}", issued => issued == day),
            ($"lt{Uri.EscapeDataString($"{next}T01:00:00+02:00")}", issued => issued <= day),
        };
        foreach (var (date, meant) in queries)
            Assert.Equal(
                (
                    date,
                    string.Join(
                        ' ',
                        all.Where(one => meant(DateOnly.ParseExact(one.Date, "yyyy-MM-dd", null)))
                            .Select(one => one.Id)
                            .Order(StringComparer.Ordinal)
                    )
                ),
                (
                    date,
                    string.Join(
                        ' ',
                        (await practice.SearchAsync<Invoice>(practice.Owner, $"Invoice?date={date}"))
                            .Select(one => one.Id)
                            .Order(StringComparer.Ordinal)
                    )
                )
            );
    }

    private static async Task<Guid> AddsPatient(Group group) => (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = $"Moss {Guid.NewGuid():n}",
                    dateOfBirth = "1950-01-02",
                }
            )
        ).Should(201).Id;

    private static async Task<List<string>> Found(Person caller, string search) =>
        [.. FhirPractice.Read<Bundle>(await caller.Api.Get(search)).Entry.Select(entry => entry.Resource.Id)];
}
