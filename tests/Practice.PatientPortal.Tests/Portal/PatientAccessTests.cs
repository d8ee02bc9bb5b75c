using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// A practice sees who opens the account that its patient is linked to, and keeps its own records from one of them for
/// now.
/// </summary>
public sealed class PatientAccessTests
{
    [Fact]
    public async Task The_practice_sees_who_has_access_with_role_level_and_since()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, friend, asked) = (
            await Clinic.New(app),
            await app.NewHolder(),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var patient = await clinic.Links(holder);
        Assert.Empty((await clinic.Api.Get(Access(clinic, patient))).Should(200).Items);
        await holder.GivesAccess(friend, "edit", "clinical");
        await asked.Asks(holder.Email); // and is not answered
        await holder.Sees(asked.Email);

        var seen = (await clinic.Api.Get(Access(clinic, patient))).Should(200).Items.Single();
        Assert.Equal(
            $"{friend.Person.FirstName} {friend.Person.LastName} granted edit clinical ",
            string.Join(
                ' ',
                new[] { "name", "relation", "role", "level", "pausedAt" }.Select(field => seen.GetProperty(field))
            )
        );
        Assert.Equal(app.Clock.GetUtcNow(), seen.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(5));
        Assert.Empty((await clinic.Api.Get(Access(clinic, await clinic.AddsPatient()))).Should(200).Items);

        var hidden = await clinic.Group.AddsNewPerson("full", settings: new() { ["hidePatientNames"] = true });
        var withoutName = (await hidden.Api.Get(Access(clinic, patient))).Should(200).Items.Single();
        Assert.Equal(JsonValueKind.Null, withoutName.GetProperty("name").ValueKind);
        var grant = seen.GetProperty("grantId").GetGuid();
        (await hidden.Api.Post($"{Access(clinic, patient)}/{grant}/pause", Reason)).Should(403, "portal.names_hidden");
        (await hidden.Api.Post($"{Access(clinic, patient)}/{grant}/resume")).Should(403, "portal.names_hidden");

        (await holder.Decides(grant, "disabled")).Should(204);
        Assert.Empty((await clinic.Api.Get(Access(clinic, patient))).Items);
        (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/pause", Reason)).Should(404);
    }

    [Fact]
    public async Task A_paused_person_sees_nothing_of_this_practice_and_all_of_the_others()
    {
        var app = await TestApp.StartedAsync();
        var (here, there, holder, friend) = (
            await Clinic.New(app),
            await Clinic.New(app),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var (patient, other) = (await here.Links(holder), await there.Links(holder));
        var (appointment, invoice, record) = await here.AddsRecords(patient);
        var elsewhere = await there.AddsRecords(other);
        var grant = await holder.GivesAccess(friend, "edit", "clinical");
        var reading = holder.OpenedBy(friend.Person);
        Assert.Equal(2, (await reading.Api.Get($"{holder.Path}/invoices")).Items.Count);

        await app.Owner.Execute("update portal.patients set phone = '0400 000 777' where id = $1", patient);

        (await here.Api.Post($"{Access(here, patient)}/{grant}/pause", Reason)).Should(204);

        foreach (var list in new[] { "appointments", "invoices", "clinical-records" })
        {
            Assert.Equal(
                [there.Group.Id],
                (await reading.Api.Get($"{holder.Path}/{list}")).Should(200).Items.Select(GroupOf)
            );
            Assert.Equal(2, (await holder.Api.Get($"{holder.Path}/{list}")).Should(200).Items.Count);
        }

        (await reading.Api.Get($"{holder.Path}/clinical-records/{record}")).Should(404);
        (await reading.Api.Get($"{holder.Path}/invoices/{invoice}")).Should(404);
        (await reading.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(404);
        (await reading.Api.Get($"{holder.Path}/clinical-records/{elsewhere.Record}")).Should(200);
        (await reading.Api.Put($"{holder.Path}/details", new { phone = "0400 000 001" }, "*")).Should(204);
        // What this practice keeps is out of reach. What the account says is the holder's: those who edit it see it.
        Assert.Equal("0400 000 777", (await here.Api.Get($"{here.Path}/patients/{patient}"))["phone"].GetString());
        Assert.Equal("0400 000 001", (await there.Api.Get($"{there.Path}/patients/{other}"))["phone"].GetString());
        var account = (await reading.Api.Get(holder.Path)).Should(200);
        Assert.Equal("0400 000 001", account["phone"].GetString());
        Assert.Equal([there.Group.Id], account["contactAtPractices"].EnumerateArray().Select(GroupOf));
        foreach (var hidden in new[] { here.Group.Id.ToString(), "0400 000 777" })
            Assert.DoesNotContain(hidden, account.Text, StringComparison.Ordinal);

        (await here.Api.Post($"{Access(here, patient)}/{grant}/resume")).Should(204);
        (await reading.Api.Get($"{holder.Path}/clinical-records/{record}")).Should(200);
        Assert.Equal(2, (await reading.Api.Get($"{holder.Path}/invoices")).Items.Count);
    }

    [Fact]
    public async Task The_person_and_the_holder_are_told_and_the_holder_sees_who_paused_whom()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, friend) = (await Clinic.New(app, "Harbour"), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var grant = await holder.GivesAccess(friend);
        (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/pause", new { reason = " " })).ShouldReject(
            "reason"
        );
        (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/resume")).Should(409, "portal.not_paused");
        (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/pause", Reason)).Should(204);
        (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/pause", Reason)).Should(
            409,
            "portal.already_paused"
        );

        var name = $"{friend.Person.FirstName} {friend.Person.LastName}";
        Assert.StartsWith(
            "Harbour has paused your access",
            await Told(friend, "portalPaused"),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"Harbour has paused the access of {name}",
            await Told(holder, "portalPaused"),
            StringComparison.Ordinal
        );
        Assert.Equal(["Harbour"], PausedBy(await holder.Api.Get($"{holder.Path}/access")));
        var shown = (await clinic.Api.Get(Access(clinic, patient))).Items.Single();
        Assert.Equal("A court order", shown.GetProperty("pauseReason").GetString());
        var reception = await clinic.Group.AddsNewPerson("reception");
        shown = (await reception.Api.Get(Access(clinic, patient))).Should(200).Items.Single();
        Assert.NotNull(shown.GetProperty("pausedAt").GetString());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("pauseReason").ValueKind);
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("earlierPauses").ValueKind);
        var audit = (await clinic.Api.Get($"{clinic.Path}/audit")).Should(200);
        Assert.Contains("portal.access_paused", audit.Text, StringComparison.Ordinal);
        Assert.Equal(
            0,
            await app.Owner.Scalar<long>(
                "select count(*) from audit.entries where subject_id = $1 and details::text like '%court order%'",
                patient
            )
        );
        foreach (var person in new[] { holder, friend })
            Assert.DoesNotContain(
                "court order",
                (await person.Api.Get("/api/users/me/notifications")).Text
                    + (await holder.Api.Get($"{holder.Path}/access")).Text,
                StringComparison.Ordinal
            );

        (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/resume")).Should(204);
        await Told(friend, "portalResumed");
        await Told(holder, "portalResumed");
        Assert.Empty(PausedBy(await holder.Api.Get($"{holder.Path}/access")));
    }

    [Fact]
    public async Task A_pause_that_has_ended_is_known_with_its_reason_to_those_who_may_pause()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var grant = await holder.GivesAccess(friend);
        var access = $"{Access(clinic, patient)}/{grant}";
        (await clinic.Api.Post($"{access}/pause", Reason)).Should(204);
        (await clinic.Api.Post($"{access}/resume")).Should(204);

        var shown = (await clinic.Api.Get(Access(clinic, patient))).Items.Single();
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("pausedAt").ValueKind);
        var earlier = Assert.Single(shown.GetProperty("earlierPauses").EnumerateArray());
        var me = $"{clinic.Practitioner.FirstName} {clinic.Practitioner.LastName}";
        Assert.Equal(
            (me, "A court order", me),
            (
                earlier.GetProperty("pausedBy").GetString(),
                earlier.GetProperty("reason").GetString(),
                earlier.GetProperty("resumedBy").GetString()
            )
        );
        var reception = await clinic.Group.AddsNewPerson("reception");
        shown = (await reception.Api.Get(Access(clinic, patient))).Items.Single();
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("earlierPauses").ValueKind);

        (await clinic.Api.Post($"{access}/pause", Reason)).Should(204); // again
        Assert.Equal([clinic.Group.Name], PausedBy(await holder.Api.Get($"{holder.Path}/access")));
    }

    [Fact]
    public async Task A_pause_follows_the_person_to_another_grant_and_to_whom_they_gave_access()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, mother, father, aunt) = (
            await Clinic.New(app),
            await app.NewHolder(),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var child = await mother.AddsDependant("2019-05-01");
        var patient = await clinic.AddsPatient("2019-05-01");
        (
            await mother.Person.Claims(await clinic.Invites(patient, mother.Email, guardian: true), child.AccountId)
        ).Should(204);
        var (_, invoice, _) = await clinic.AddsRecords(patient);
        await child.AddsGuardian(father.Person);
        var guarded = child.OpenedBy(father.Person);
        (
            await guarded.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = aunt.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        var reading = child.OpenedBy(aunt.Person);
        await Eventually.Is(async () => (await reading.Api.Get($"{child.Path}/invoices/{invoice}")).Status == 200);

        var readers = (await clinic.Api.Get(Access(clinic, patient))).Should(200).Items;
        Assert.Equal(
            ["dependant", "dependant", "granted"],
            readers.Select(reader => reader.GetProperty("relation").GetString()!).Order(StringComparer.Ordinal)
        );
        (await clinic.Api.Post($"{await clinic.AccessOf(father, patient)}/pause", Reason)).Should(204);
        (await guarded.Api.Get($"{child.Path}/invoices/{invoice}")).Should(404);
        (await reading.Api.Get($"{child.Path}/invoices/{invoice}")).Should(404);
        (await child.Api.Get($"{child.Path}/invoices/{invoice}")).Should(200);
        await Told(mother, "portalPaused");
        Assert.Equal(
            [clinic.Group.Name],
            (await child.Api.Get($"{child.Path}/guardians"))
                .Items.Single(one => one.GetProperty("userId").GetGuid() == father.Person.Id)
                .GetProperty("pausedBy")
                .EnumerateArray()
                .Select(practice => practice.GetString()!)
        );

        // By another grant it is the same person.
        (await guarded.Api.Post($"/api/portal/guardianships/{child.AccountId}/leave")).Should(204);
        (await reading.Api.Get(child.Path)).Should(403, "portal.grant_not_current"); // who gave it has left
        (
            await child.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = father.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await Eventually.Is(async () => (await guarded.Api.Get($"{child.Path}/invoices")).Status == 200);
        Assert.Empty((await guarded.Api.Get($"{child.Path}/invoices")).Items);

        // Who may not resume it does not end it by another link.
        var reception = clinic with { Practitioner = await clinic.Group.AddsNewPerson("reception") };
        (await reception.Unlinks(patient, "Another child")).Should(204);
        (
            await mother.Person.Claims(await clinic.Invites(patient, mother.Email, guardian: true), child.AccountId)
        ).Should(204);
        (await child.Api.Get($"{child.Path}/invoices/{invoice}")).Should(200);
        (await guarded.Api.Get($"{child.Path}/invoices/{invoice}")).Should(404);

        // The practice knows the address, and not that it is the father's. Resumed, it ends every pause of theirs.
        var address = (await clinic.Api.Get(Access(clinic, patient))).Items.Single(reader =>
            reader.GetProperty("email").GetString() == father.Email
        );
        Assert.Equal(JsonValueKind.Null, address.GetProperty("pausedAt").ValueKind);
        var grant = $"{Access(clinic, patient)}/{address.GetProperty("grantId")}";
        (await clinic.Api.Post($"{grant}/resume")).Should(409);
        (await clinic.Api.Post($"{grant}/pause", Reason)).Should(204);
        (await clinic.Api.Post($"{grant}/resume")).Should(204);
        (await guarded.Api.Get($"{child.Path}/invoices/{invoice}")).Should(200);
    }

    [Fact]
    public async Task A_pause_follows_the_patient_to_the_account_of_the_right_child()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, mother, father) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var (tom, tia) = (
            await mother.AddsDependant("2019-05-01", firstName: "Tom"),
            await mother.AddsDependant("2019-05-01", firstName: "Tia")
        );
        await tom.AddsGuardian(father.Person);
        await tia.AddsGuardian(father.Person);
        var patient = await clinic.AddsPatient("2019-05-01", firstName: "Tia");
        var (_, invoice, _) = await clinic.AddsRecords(patient);
        var token = await clinic.Invites(patient, mother.Email, guardian: true);
        (await mother.Person.Claims(token, tom.AccountId, acceptDifferentName: true)).Should(204);
        var access = await clinic.AccessOf(father, patient);
        (await clinic.Api.Post($"{access}/pause", Reason)).Should(204);

        (await clinic.Unlinks(patient, "Claimed for the brother")).Should(204);
        token = await clinic.Invites(patient, mother.Email, guardian: true);
        (await mother.Person.Claims(token, tia.AccountId)).Should(204);

        var guarded = tia.OpenedBy(father.Person);
        (await tia.Api.Get($"{tia.Path}/invoices/{invoice}")).Should(200);
        (await guarded.Api.Get($"{tia.Path}/invoices/{invoice}")).Should(404);
        foreach (var person in new[] { mother, father }) // of this account too
            await Eventually.Is(async () =>
                (await person.Api.Get("/api/users/me/notifications")).Items.Count(item =>
                    item.GetProperty("kind").GetString() == "portalPaused"
                ) == 2
            );
        (await clinic.Api.Post($"{await clinic.AccessOf(father, patient)}/resume")).Should(204);
        (await guarded.Api.Get($"{tia.Path}/invoices/{invoice}")).Should(200);

        // Nothing is left of it in the wrong account.
        (await clinic.Unlinks(patient, "Claimed for the sister")).Should(204);
        token = await clinic.Invites(patient, mother.Email, guardian: true);
        (await mother.Person.Claims(token, tom.AccountId, acceptDifferentName: true)).Should(204);
        (await tom.OpenedBy(father.Person).Api.Get($"{tom.Path}/invoices/{invoice}")).Should(200);
    }

    [Fact]
    public async Task A_paused_guardian_adds_no_guardian_who_would_see_what_they_may_not()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, mother, father, aunt) = (
            await Clinic.New(app),
            await app.NewHolder(),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var (child, patient) = await Guarded(clinic, mother);
        await child.AddsGuardian(father.Person);
        var guarded = child.OpenedBy(father.Person);
        var wanted = new { email = aunt.Email, relationship = "parent" };
        (await guarded.Api.Post($"{child.Path}/guardians", wanted)).Should(202);
        var asked = (await aunt.Person.IsAskedToBeGuardian()).GetProperty("id").GetGuid();
        var access = await clinic.AccessOf(father, patient);
        (await clinic.Api.Post($"{access}/pause", Reason)).Should(204);

        (await guarded.Api.Post($"{child.Path}/guardians", wanted)).Should(403, "portal.access_paused");
        (await aunt.Api.Post($"/api/portal/guardianships/{asked}/accept")).Should(403, "portal.access_paused");
        Assert.Equal(2, (await child.Api.Get($"{child.Path}/guardians")).Items.Count);

        // A practice that has unlinked the account says no to nobody: its pause waits for the next link.
        (await clinic.Unlinks(patient, "Another child")).Should(204);
        (await guarded.Api.Post($"{child.Path}/guardians", wanted)).Should(202);
        (
            await mother.Person.Claims(await clinic.Invites(patient, mother.Email, guardian: true), child.AccountId)
        ).Should(204);

        (await clinic.Api.Post($"{access}/resume")).Should(204);
        (await aunt.Api.Post($"/api/portal/guardianships/{asked}/accept")).Should(204);
        Assert.Equal(3, (await child.Api.Get($"{child.Path}/guardians")).Items.Count);
    }

    [Fact]
    public async Task What_names_a_guardianship_does_not_tell_who_the_guardian_is()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, mother, father) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var hidden = await clinic.Group.AddsNewPerson("full", settings: new() { ["hidePatientNames"] = true });
        await clinic.Group.Welcomes(mother.Person); // a colleague
        var (child, patient) = await Guarded(clinic, mother);
        await child.AddsGuardian(father.Person);

        var list = (await hidden.Api.Get(Access(clinic, patient))).Should(200);
        var fhir = $"/fhir/groups/{clinic.Group.Id}";
        foreach (
            var shown in new[]
            {
                list,
                await hidden.Api.Get($"{fhir}/RelatedPerson?patient={patient}"),
                await hidden.Api.Get($"{fhir}/Consent?patient={patient}"),
            }
        )
        {
            foreach (var id in new[] { mother.Person.Id, father.Person.Id })
            {
                Assert.DoesNotContain($"{id}", shown.Text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain($"{id:n}", shown.Text, StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.Equal(2, list.Items.Count);
        Assert.Equal(
            list.Items.Select(one => one.GetProperty("grantId").GetGuid()),
            (await hidden.Api.GetAll($"{Access(clinic, patient)}?limit=1")).Select(one =>
                one.GetProperty("grantId").GetGuid()
            )
        );
        (await clinic.Api.Post($"{Access(clinic, patient)}/{father.Person.Id}/pause", Reason)).Should(404);
    }

    [Fact]
    public async Task A_paused_guardian_is_not_told_whom_else_the_practice_pauses()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, mother, father, friend) = (
            await Clinic.New(app),
            await app.NewHolder(),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var (child, patient) = await Guarded(clinic, mother);
        await child.AddsGuardian(father.Person);
        (
            await child.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        var grant = (await child.Sees(friend.Email)).Id;
        (await clinic.Api.Post($"{await clinic.AccessOf(father, patient)}/pause", Reason)).Should(204);
        await Told(father, "portalPaused");

        await Eventually.Is(async () =>
            (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/pause", Reason)).Status == 204
        );
        await Told(friend, "portalPaused"); // after the guardians
        Assert.StartsWith(
            $"{clinic.Group.Name} has paused your access",
            await Told(father, "portalPaused"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Only_the_practices_own_patients_and_those_who_see_clinical_records_pause()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, other, holder, friend) = (
            await Clinic.New(app),
            await Clinic.New(app),
            await app.NewHolder(),
            await app.NewHolder()
        );
        var patient = await clinic.Links(holder);
        var grant = await holder.GivesAccess(friend);
        var path = $"{Access(clinic, patient)}/{grant}";
        (await (await clinic.Group.AddsNewPerson("reception")).Api.Post($"{path}/pause", Reason)).Should(403);
        (await other.Api.Post($"{path}/pause", Reason)).Should(404);
        (await other.Api.Post($"{Access(other, patient)}/{grant}/pause", Reason)).Should(404);
        (await other.Api.Get(Access(other, patient))).Should(404);
        (await clinic.Api.Post($"{Access(clinic, await clinic.AddsPatient())}/{grant}/pause", Reason)).Should(404);
        (await clinic.Api.Post($"{Access(clinic, patient)}/{holder.Person.Id}/pause", Reason)).Should(404); // holder

        await AtOnce.OneWins(204, (409, "portal.already_paused"), async () =>
        {
            await clinic.Api.Post($"{path}/resume");
            Func<Task<Answer>>[] calls =
            [
                () => clinic.Api.Post($"{path}/pause", Reason),
                () => clinic.Api.Post($"{path}/pause", Reason),
            ];
            return calls;
        });
    }

    /// <summary>A guardian's child, whom the practice knows.</summary>
    private static async Task<(Holder Child, Guid Patient)> Guarded(Clinic clinic, Holder guardian)
    {
        var child = await guardian.AddsDependant("2019-05-01");
        var patient = await clinic.AddsPatient("2019-05-01");
        var token = await clinic.Invites(patient, guardian.Email, guardian: true);
        (await guardian.Person.Claims(token, child.AccountId)).Should(204);
        return (child, patient);
    }

    private static object Reason { get; } = new { reason = "A court order" };

    private static string Access(Clinic clinic, Guid patient) => $"{clinic.Path}/patients/{patient}/access";

    private static Guid GroupOf(JsonElement item) => item.GetProperty("groupId").GetGuid();

    private static IEnumerable<string> PausedBy(Answer access) =>
        access.Items.Single().GetProperty("pausedBy").EnumerateArray().Select(practice => practice.GetString()!);

    private static async Task<string> Told(Holder person, string kind)
    {
        JsonElement[] found = [];
        await Eventually.Is(async () =>
        {
            found =
            [
                .. (await person.Api.Get("/api/users/me/notifications")).Items.Where(item =>
                    item.GetProperty("kind").GetString() == kind
                ),
            ];
            return found.Length > 0;
        });
        return Assert.Single(found).GetProperty("title").GetString()!;
    }
}
