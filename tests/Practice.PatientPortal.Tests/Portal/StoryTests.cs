namespace Practice.PatientPortal.Tests.Portal;

/// <summary>The two stories that the portal was made for, from start to end.</summary>
public sealed class StoryTests
{
    [Fact]
    public async Task A_spouse_requests_access_helps_and_loses_access_again()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app, "Seaside Physio");
        var (anna, ben) = (await app.NewHolder(), await app.NewHolder());
        await clinic.AddsRecords(await clinic.Links(anna));

        // Ben requests view access to Anna's portal. She gets a mail with his request, and sees it as pending.
        await ben.Asks(anna.Email, "view");
        var asked = await anna.Sees(ben.Email);
        Assert.Equal("pending", asked["status"]);
        var mail = await app.Mail.WaitFor(
            anna.Email,
            letter => letter.Text.Contains(ben.Email, StringComparison.Ordinal),
            "the mail that says who asks"
        );
        Assert.Contains("view", mail.Text, StringComparison.OrdinalIgnoreCase);
        await Eventually.Is(async () =>
            (await anna.Api.Get("/api/users/me/notifications?unread=true")).Items.Any(item =>
                item.GetProperty("kind").GetString() == "portalRequest"
                && item.GetProperty("data").GetProperty("grantId").GetGuid() == asked.Id
            )
        );

        // She grants access to appointments and invoices only. He switches to her portal.
        (await anna.Decides(asked.Id, "current", "view", "administrative")).Should(204);
        Assert.Equal("granted view administrative", (await ben.Person.Accounts())[anna.AccountId]);
        var appointment = Assert.Single((await ben.Api.Get($"{anna.Path}/appointments")).Items);
        Assert.Equal("Seaside Physio", appointment.GetProperty("practice").GetString());
        (await ben.Api.Get($"{anna.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
        (await ben.Api.Post($"{anna.Path}/appointments/{appointment.GetProperty("id").GetGuid()}/cancel")).Should(
            403,
            "portal.view_only"
        );

        // She extends his access. He cancels the appointment for her, and the practice sees who did.
        (await anna.Decides(asked.Id, "current", "edit", "clinical")).Should(204);
        Assert.Single((await ben.Api.Get($"{anna.Path}/clinical-records")).Items);
        (await ben.Api.Post($"{anna.Path}/appointments/{appointment.GetProperty("id").GetGuid()}/cancel")).Should(204);
        var told = Assert.Single((await clinic.Api.Get($"{clinic.Path}/requests?kind=cancellation")).Items);
        Assert.Equal($"{ben.Person.FirstName} {ben.Person.LastName}", told.GetProperty("sentByName").GetString());

        // She sees what he opened, and revokes his access. It ends with his next request.
        Assert.Contains(await anna.Api.GetAll($"{anna.Path}/access-log"), entry =>
            entry.GetProperty("userId").GetGuid() == ben.Person.Id
            && entry.GetProperty("opened").GetString() == "clinicalRecords"
        );
        (await anna.Decides(asked.Id, "disabled")).Should(204);
        (await ben.Api.Get($"{anna.Path}/appointments")).Should(403, "portal.grant_not_current");
    }

    [Fact]
    public async Task Parents_run_their_childs_account_and_each_sees_what_the_practice_has()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app, "Kids Clinic");
        var (mother, father) = (await app.NewHolder(), await app.SignUpAndConfirm());

        // The mother opens an account for Mia: empty, until the practice's invitation proves the relationship.
        var mia = await mother.AddsDependant("2019-05-01", "parent", "Mia");
        var patient = await clinic.AddsPatient("2019-05-01", firstName: "Mia");
        var (_, _, record) = await clinic.AddsRecords(patient);
        Assert.Empty((await mother.Api.Get($"{mia.Path}/clinical-records")).Items);
        (
            await mother.Api.Post(
                "/api/portal/claims",
                new { token = await clinic.Invites(patient, mother.Email, guardian: true), accountId = mia.AccountId }
            )
        ).Should(204);
        (await mother.Api.Get($"{mia.Path}/clinical-records/{record}")).Should(200);

        // She asks the father, who has no portal account. He accepts, switches to Mia, and requests an appointment.
        await mia.AddsGuardian(father);
        (
            await father.Api.Post(
                $"{mia.Path}/appointments",
                new
                {
                    startsAt = DateTimeOffset.UtcNow.AddDays(7),
                    practitionerId = clinic.Practitioner.Id,
                    locationId = clinic.Group.LocationId,
                    reason = "Check-up",
                }
            )
        ).Should(201);
        var asked = Assert.Single((await clinic.Api.Get($"{clinic.Path}/requests?kind=appointment")).Items);
        Assert.Equal(
            ($"{father.FirstName} {father.LastName}", "Mia Little"),
            (asked.GetProperty("sentByName").GetString(), asked.GetProperty("actingFor").GetString())
        );

        // The practice confirms, and both parents see the appointment.
        (await clinic.Api.Post($"{clinic.Path}/requests/{asked.GetProperty("id").GetGuid()}/confirm")).Should(204);
        foreach (var parent in new[] { mother.Api, father.Api })
            Assert.Equal(2, (await parent.Get($"{mia.Path}/appointments")).Items.Count);
    }
}
