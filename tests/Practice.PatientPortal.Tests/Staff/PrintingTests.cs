using System.Text.Json;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What stands on an invoice: as it was when it was issued, in letters that can be read.</summary>
public sealed class PrintingTests
{
    [Fact]
    public async Task An_invoice_keeps_who_it_is_from_and_to_as_they_were_when_it_was_issued()
    {
        var group = await Clinic.NewClinic();
        var doctor = await group.Practitioner();
        (
            await group.Owner.Api.Change(group.Path, Settings("Old name", "1 High Street\nMelbourne", "51824753556"))
        ).Should(204);
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{doctor.Id}",
                new { profession = "physiotherapist", registrationNumber = "PHY0001234567" }
            )
        ).Should(204);
        var patient = await group.Owner.Adds(group, "Reed");
        var id = await Issues(group, patient, doctor.Id, group.LocationId);
        var location = (await group.Owner.Api.Get($"{group.Path}/locations/{group.LocationId}"))["name"].GetString();
        var name = (await group.Owner.Api.Get($"{group.Path}/members/{doctor.Id}")).Should(200);

        (await group.Owner.Api.Change(group.Path, Settings("New name", "Elsewhere", "53004085616"))).Should(204);
        await Eventually.Is(async () => // the practice's new name is written to the patient at any moment
            (await group.Owner.Api.Change(group.Patient(patient), Clinic.Patient("Married"))).Status == 204
        );
        var read = (await group.Owner.Api.Get($"{group.Path}/invoices/{id}")).Should(200);
        var head = read["letterhead"];
        Assert.Equal(
            [
                "Old name",
                "1 High Street\nMelbourne",
                "51 824 753 556",
                $"{name["firstName"]} {name["lastName"]}",
                "PHY0001234567",
                location,
                "Jo Reed",
            ],
            new[]
            {
                "practiceName",
                "address",
                "businessNumber",
                "practitionerName",
                "registrationNumber",
                "locationName",
                "patientName",
            }.Select(field => head.GetProperty(field).GetString())
        );
        Assert.Equal("Jo Married", read["patientName"].GetString());
        Assert.Equal(
            JsonValueKind.Null,
            (await group.Owner.Api.Get($"{group.Path}/invoices/{await Issues(group, patient, null, null)}"))[
                "letterhead"
            ]
                .GetProperty("practitionerName")
                .ValueKind // an administrator's work is no practitioner's
        );
    }

    [Fact]
    public async Task An_invoice_is_a_pdf_for_staff_who_see_it_and_each_opening_is_in_the_audit()
    {
        var (app, group) = (await TestApp.StartedAsync(), await Clinic.NewClinic());
        var patient = await group.Owner.Adds(group, "Secret", locationId: group.LocationId);
        var id = await Issues(group, patient, null, null);
        var hiding = await group.AddsNewPerson("full", settings: new() { ["hidePatientNames"] = true });
        var path = $"{group.Path}/invoices/{id}/pdf";

        Assert.StartsWith("%PDF-", await Pdf(group.Owner, path), StringComparison.Ordinal);
        var hidden = (await hiding.Api.Get($"{group.Path}/invoices/{id}")).Should(200);
        Assert.Equal(JsonValueKind.Null, hidden["letterhead"].GetProperty("patientName").ValueKind);
        Assert.StartsWith("%PDF-", await Pdf(hiding, path), StringComparison.Ordinal);
        Assert.Equal(
            2L,
            await app.Owner.Scalar<long>(
                "select count(*) from audit.entries where subject_id = $1 and act = 'portal.invoice_opened' and actor_id = $2",
                id,
                hiding.Id
            )
        );
        (await (await Clinic.NewClinic()).Owner.Api.Get(path)).Should(404);
    }

    private static async Task<string> Pdf(Person person, string path)
    {
        var answer = (await person.Api.Get(path)).Should(200);
        return answer.Text;
    }

    private static object Settings(string name, string address, string businessNumber) =>
        new
        {
            name,
            address,
            businessNumber,
            reminders = new { enabled = true, hoursBefore = 24 },
            invoices = new { currency = "AUD", dueAfterDays = 14 },
        };

    private static async Task<Guid> Issues(Group group, Guid patient, Guid? practitionerId, Guid? locationId) => (
            await group.Owner.Api.Post(
                $"{group.Patient(patient)}/invoices",
                new
                {
                    issuedOn = "2026-03-01",
                    dueOn = "2026-03-15",
                    currency = "AUD",
                    practitionerId,
                    locationId,
                    lines = new[]
                    {
                        new
                        {
                            description = "Visit",
                            quantity = 1,
                            unitPrice = "100",
                            taxRate = 10,
                        },
                    },
                }
            )
        ).Should(201).Id;
}
