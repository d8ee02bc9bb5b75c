namespace Practice.PatientPortal.Tests.Portal;

/// <summary>What happens when two people act at the same moment.</summary>
public sealed class RaceTests
{
    [Fact]
    public async Task Records_that_staff_add_during_a_claim_are_linked_to_the_account()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        for (var round = 1; round <= AtOnce.Rounds(10); round++)
        {
            var patient = await clinic.AddsPatient(email: holder.Email);
            var wish = await Staff.Clinic.Sent(
                clinic.Group,
                patient,
                practitionerId: clinic.Practitioner.Id,
                locationId: clinic.Group.LocationId,
                startsAt: DateTimeOffset.UtcNow.AddDays(2)
            );
            var token = await clinic.Invites(patient, holder.Email);
            await Task.WhenAll(
                Do(holder.Api, "/api/portal/claims", 204, new { token }),
                Do(clinic.Api, $"{clinic.Path}/requests/{wish}/confirm", 204, new { allowOverlap = true }),
                clinic.AddsRecords(patient),
                clinic.AddsRecords(patient),
                clinic.AddsRecords(patient)
            );
            var unlinked = await app.Owner.Rows(
                """
                select 'appointment' from portal.appointments where patient_id = $1 and account_id is distinct from $2
                union all select 'invoice' from portal.invoices where patient_id = $1 and account_id is distinct from $2
                union all select 'clinical record' from portal.clinical_records
                    where patient_id = $1 and account_id is distinct from $2
                """,
                patient,
                holder.AccountId
            );
            Assert.True(
                unlinked.Count == 0,
                $"Round {round}: not linked: {string.Join(", ", unlinked.Select(row => row[0]))}"
            );
            Assert.Equal(
                4,
                await app.Owner.Scalar<long>("select count(*) from portal.appointments where patient_id = $1", patient)
            );
        }

        static Task Do(ApiClient api, string path, int status, object? body = null) =>
            Task.Run(async () => (await api.Post(path, body)).Should(status));
    }

    [Fact]
    public async Task An_invitation_is_claimed_once()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        for (var round = 0; round < AtOnce.Rounds(5); round++)
        {
            var token = await clinic.Invites(await clinic.AddsPatient(email: holder.Email), holder.Email);
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 3).Select(_ => holder.Api.Post("/api/portal/claims", new { token }))
            );
            Assert.Single(answers, answer => answer.Status == 204);
            Assert.All(answers.Where(answer => answer.Status != 204), answer =>
                answer.Should(410, "portal.invitation_invalid")
            );
        }
    }

    [Fact]
    public async Task Opening_an_account_while_taking_over_another_leaves_a_person_with_one()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, guardian) = (await Clinic.New(app), await app.NewHolder());
        for (var round = 0; round < AtOnce.Rounds(6); round++)
        {
            var (adult, email) = (await guardian.AddsDependant("1990-05-01", "legalGuardian"), People.NewEmail());
            var patient = await clinic.AddsPatient("1990-05-01", email);
            (
                await guardian.Api.Post(
                    "/api/portal/claims",
                    new
                    {
                        token = await clinic.Invites(patient, guardian.Email, guardian: true, "2027-05-01"),
                        accountId = adult.AccountId,
                    }
                )
            ).Should(204);
            var person = await app.SignUpAndConfirm(email);
            var token = await clinic.Invites(patient, email);
            var (claimed, opened) = (
                person.Claims(token, dateOfBirth: "1990-05-01"),
                person.Api.Post("/api/portal/accounts", new { dateOfBirth = "1990-05-01" })
            );
            (await claimed).Should(204);
            if ((await opened).Status != 201)
                (await opened).Should(409, "portal.account_exists");
            Assert.Single(await person.Accounts());
            Assert.Equal(
                1,
                await app.Owner.Scalar<long>("select count(*) from portal.accounts where user_id = $1", person.Id)
            );
        }
    }

    [Fact]
    public async Task Withdrawing_during_a_decision_leaves_no_access()
    {
        var app = await TestApp.StartedAsync();
        var holder = await app.NewHolder();
        for (var round = 0; round < AtOnce.Rounds(10); round++)
        {
            var other = await app.NewHolder();
            await other.Asks(holder.Email);
            var grant = (await holder.Sees(other.Email)).Id;
            var acts = await Task.WhenAll(
                Task.Run(() =>
                    holder.Api.Put(
                        $"{holder.Path}/access/{grant}",
                        new
                        {
                            status = "current",
                            role = "view",
                            level = "clinical",
                        },
                        "*"
                    )
                ),
                Task.Run(() => other.Api.Delete($"/api/portal/access/{grant}")),
                Task.Run(() =>
                    holder.Api.Post(
                        $"{holder.Path}/access/",
                        new
                        {
                            email = $"x{round}@practice.test",
                            role = "view",
                            level = "clinical",
                        }
                    )
                )
            );
            if (acts[0].Status != 204)
                acts[0].Should(404);
            acts[1].Should(204);
            Assert.Contains((await other.Api.Get(holder.Path)).Status, new[] { 403, 404 });
            Assert.Empty(await other.Asked());
            Assert.DoesNotContain(holder.AccountId, (await other.Person.Accounts()).Keys);
        }
    }

    [Fact]
    public async Task Only_one_of_several_cancellations_at_once_succeeds_and_the_practice_is_told_once()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        for (var round = 0; round < AtOnce.Rounds(8); round++)
        {
            var (appointment, _, _) = await clinic.AddsRecords(patient);
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 3)
                    .Select(_ => Task.Run(() => holder.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")))
            );
            Assert.Single(answers, answer => answer.Status == 204);
            Assert.All(answers.Where(answer => answer.Status != 204), answer =>
                answer.Should(409, "portal.appointment_not_open")
            );
            Assert.Equal(
                1,
                await app.Owner.Scalar<long>(
                    "select count(*) from portal.requests where appointment_id = $1",
                    appointment
                )
            );
        }
    }

    [Fact]
    public async Task A_request_cancelled_during_its_confirmation_is_either_cancelled_or_confirmed()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        await clinic.Links(holder);
        for (var round = 0; round < AtOnce.Rounds(8); round++)
        {
            var wish = (
                await holder.Api.Post(
                    $"{holder.Path}/appointments",
                    new
                    {
                        startsAt = DateTimeOffset.UtcNow.AddDays(9),
                        practitionerId = clinic.Practitioner.Id,
                        locationId = clinic.Group.LocationId,
                    }
                )
            ).Should(201).Id;
            var (cancelled, confirmed) = (
                Task.Run(() => holder.Api.Post($"{holder.Path}/appointments/{wish}/cancel")),
                Task.Run(() => clinic.Api.Post($"{clinic.Path}/requests/{wish}/confirm", new { allowOverlap = true }))
            );
            if ((await cancelled).Status == 204)
                (await confirmed).Should(409, "portal.request_not_open");
            else
                (await cancelled).Should(409, "portal.appointment_not_open");
            Assert.Equal(
                (await confirmed).Status == 204 ? 1 : 0,
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from portal.appointments
                    where id = (select appointment_id from portal.requests where id = $1)
                    """,
                    wish
                )
            );
        }
    }
}
