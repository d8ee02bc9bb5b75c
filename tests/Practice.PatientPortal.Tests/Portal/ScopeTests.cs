using System.Globalization;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Acts that change rows of a practice, of accounts and of persons together change all of them.</summary>
public sealed class ScopeTests
{
    [Fact]
    public async Task A_claim_changes_the_practices_rows_and_the_accounts_rows()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, guardian, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var until = DateOnly.FromDateTime(app.Clock.GetUtcNow().DateTime).AddDays(90);
        var (adult, email) = (await guardian.AddsDependant("1990-05-01", "legalGuardian"), People.NewEmail());
        var patient = await clinic.AddsPatient("1990-05-01", email);
        await clinic.AddsRecords(patient);

        // The guardian's claim links the patient, and verifies the guardianship in the account.
        var token = await clinic.Invites(
            patient,
            guardian.Email,
            guardian: true,
            until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        );
        (await guardian.Api.Post("/api/portal/claims", new { token, accountId = adult.AccountId })).Should(204);
        await LinkedTo(adult.AccountId);
        Assert.Equal(
            $$"""[{"until": "{{until:yyyy-MM-dd}}", "groupId": "{{clinic.Group.Id}}"}]""",
            await app.Owner.Scalar<string>(
                "select verified::text from portal.guardians where account_id = $1",
                adult.AccountId
            )
        );

        (
            await adult.Api.Post(
                $"{adult.Path}/access",
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await Eventually.Is(async () => (await friend.Api.Get(adult.Path)).Status == 200);

        // The person's claim takes over the account: the link stays, and all that guardians had and gave ends.
        var person = await app.SignUpAndConfirm(email);
        (await person.Claims(await clinic.Invites(patient, email), dateOfBirth: "1990-05-01")).Should(204);
        await LinkedTo(adult.AccountId);
        Assert.Equal(
            person.Id,
            await app.Owner.Scalar<Guid>("select user_id from portal.accounts where id = $1", adult.AccountId)
        );
        Assert.Equal(
            0,
            await app.Owner.Scalar<long>(
                "select count(*) from portal.guardians where account_id = $1 and ended_at is null",
                adult.AccountId
            )
        );
        Assert.Equal(
            "Disabled",
            await app.Owner.Scalar<string>("select status from portal.grants where account_id = $1", adult.AccountId)
        );
        (await friend.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");

        async Task LinkedTo(Guid account)
        {
            var linked = await app.Owner.Rows(
                """
                select 'patient' from portal.patients where id = $1 and account_id = $2
                union all select 'appointment' from portal.appointments where patient_id = $1 and account_id = $2
                union all select 'invoice' from portal.invoices where patient_id = $1 and account_id = $2
                union all select 'record' from portal.clinical_records where patient_id = $1 and account_id = $2
                """,
                patient,
                account
            );
            Assert.Equal(["patient", "appointment", "invoice", "record"], linked.Select(row => row[0]));
            Assert.Equal(
                0,
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from portal.patient_invitations
                    where patient_id = $1 and claimed_at is null and withdrawn_at is null
                    """,
                    patient
                )
            );
        }
    }

    [Fact]
    public async Task A_failed_claim_changes_nothing()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, guardian) = (await Clinic.New(app), await app.NewHolder());
        var adult = await guardian.AddsDependant("1990-05-01", "legalGuardian");
        var patient = await clinic.AddsPatient("1990-05-01");
        var token = await clinic.Invites(patient, guardian.Email, guardian: true);
        (await guardian.Api.Post("/api/portal/claims", new { token, accountId = adult.AccountId })).Should(
            422,
            "portal.guardianship_not_verified"
        );
        Assert.Equal(
            1,
            await app.Owner.Scalar<long>(
                """
                select count(*) from portal.patients p join portal.patient_invitations i on i.patient_id = p.id
                where p.id = $1 and p.account_id is null and i.claimed_at is null
                """,
                patient
            )
        );
    }

    [Fact]
    public async Task A_new_name_reaches_every_copy_and_a_new_address_what_waits_for_it()
    {
        var app = await TestApp.StartedAsync();
        var (person, other, parent) = (await app.NewHolder(), await app.NewHolder(), await app.NewHolder());
        var (child, newEmail) = (await parent.AddsDependant("2019-05-01"), People.NewEmail());
        await person.Asks(other.Email);
        await other.Sees(person.Email);
        var given = await person.GivesAccess(other);
        await child.AddsGuardian(person.Person, "guardian");
        (
            await parent.Api.Post(
                $"{parent.Path}/access",
                new
                {
                    email = newEmail,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from portal.offers where account_id = $1", parent.AccountId)
            == 1
        );

        (await person.Api.Change("/api/users/me", new { firstName = "New", lastName = "Name" })).Should(204);
        person = await person.ChangesEmail(newEmail);

        await Eventually.Is(async () => (await person.Api.Get(parent.Path)).Status == 200);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<string>(
                """
                select string_agg(name, ', ') from (
                    select first_name || ' ' || last_name from portal.accounts where id = $1
                    union all select account_name from portal.grants where id = $2
                    union all select user_name || ' ' || user_email from portal.grants
                        where user_id = $3 and account_id = $4
                    union all select user_name || ' ' || user_email from portal.guardians where user_id = $3
                ) copies (name)
                """,
                person.AccountId,
                given,
                person.Person.Id,
                other.AccountId
            ) == $"New Name, New Name, New Name {newEmail}, New Name {newEmail}"
        );
    }

    [Fact]
    public async Task Copies_of_a_name_follow_the_last_of_many_changes()
    {
        var app = await TestApp.StartedAsync();
        var (person, other) = (await app.NewHolder(), await app.NewHolder());
        await person.Asks(other.Email);
        await other.Sees(person.Email);
        for (var round = 1; round <= AtOnce.Rounds(10); round++)
        {
            foreach (var name in (string[])[$"First{round}", $"Second{round}", $"Third{round}"])
                (await person.Api.Change("/api/users/me", new { firstName = name, lastName = "Name" })).Should(204);

            await Eventually.Is(async () =>
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from portal.accounts a join portal.grants g on g.account_id = $1
                    where a.id = $2 and a.first_name = $3 and g.user_id = $4 and g.user_name like $3 || ' %'
                    """,
                    other.AccountId,
                    person.AccountId,
                    $"Third{round}",
                    person.Person.Id
                ) == 1
            );
        }
    }

    /// <summary>The address had nobody when access was given, and had somebody before that began to wait.</summary>
    [Fact]
    public async Task Access_finds_who_confirms_the_address_at_that_moment()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, person, email) = (await app.NewHolder(), await app.NewHolder(), People.NewEmail());
        (
            await person.Api.Post("/api/users/me/email", new { newEmail = email, password = person.Person.Password })
        ).Should(202);
        var token = (await app.Mail.WaitFor(email, mail => mail.Subject == "Confirm your new email")).Token;
        await app.SettlesAsync();

        await using (await HeldLock.TakeAsync(app, "lock table portal.offers in share mode"))
        {
            var given = new
            {
                email,
                role = "view",
                level = "clinical",
            };
            (await holder.Api.Post($"{holder.Path}/access", given)).Should(202);
            await HeldLock.HoldsUpAsync(app, 1);
            (await person.Api.Post("/api/users/me/email/confirm", new { token })).Should(204);
            await Eventually.Is(async () =>
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from messaging.wolverine_incoming_envelopes
                    where status = 'Incoming' and message_type like '%AccountChanged'
                    """
                ) == 0
            );
        }

        await Eventually.Is(async () => (await person.Api.Get(holder.Path)).Status == 200);
    }

    [Fact]
    public async Task A_guardian_cannot_decide_on_an_account_that_its_person_is_taking_over()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, guardian, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        for (var round = 1; round <= AtOnce.Rounds(4); round++)
        {
            var (adult, email) = (await guardian.AddsDependant("1990-05-01", "legalGuardian"), People.NewEmail());
            var patient = await clinic.AddsPatient("1990-05-01", email);
            var verified = await clinic.Invites(patient, guardian.Email, guardian: true, "2027-05-01");
            (
                await guardian.Api.Post("/api/portal/claims", new { token = verified, accountId = adult.AccountId })
            ).Should(204);
            var given = new
            {
                email = friend.Email,
                role = "view",
                level = "clinical",
            };
            (await adult.Api.Post($"{adult.Path}/access", given)).Should(202);
            await Eventually.Is(async () => (await friend.Api.Get(adult.Path)).Status == 200);
            var grant = (await adult.Sees(friend.Email)).Id;

            var person = await app.SignUpAndConfirm(email);
            var token = await clinic.Invites(patient, email);
            var decision = new
            {
                status = "current",
                role = "edit",
                level = "clinical",
            };
            var answers = await Task.WhenAll(
                Task.Run(() => person.Claims(token, dateOfBirth: "1990-05-01")),
                Task.Run(() => adult.Api.Put($"{adult.Path}/access/{grant}", decision, "*")),
                Task.Run(() =>
                    adult.Api.Post(
                        $"{adult.Path}/access",
                        new
                        {
                            email = People.NewEmail(),
                            role = "view",
                            level = "clinical",
                        }
                    )
                )
            );
            answers[0].Should(204);
            foreach (var late in answers.Skip(1).Where(answer => answer.Status is not (202 or 204)))
                late.Should(403, "portal.grant_not_current");
            Assert.Equal(
                0,
                await app.Owner.Scalar<long>(
                    "select count(*) from portal.grants where account_id = $1 and status = 'Current'",
                    adult.AccountId
                )
            );
            (await friend.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
        }
    }
}
