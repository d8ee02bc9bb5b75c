namespace Practice.PatientPortal.Tests.Portal;

/// <summary>A practice with a practitioner who sees patients.</summary>
internal sealed record Clinic(Group Group, Person Practitioner)
{
    public string Path => Group.Path;

    public ApiClient Api => Practitioner.Api;

    public static async Task<Clinic> New(RunningHost host, string? name = null)
    {
        var owner = await host.SignUpAndConfirm();
        var group = await owner.CreatesGroup(name, "practitioner", "nurse");
        return new Clinic(group, owner);
    }

    /// <summary>A patient, by default with the first name that people and dependants have in these tests.</summary>
    public async Task<Guid> AddsPatient(
        string dateOfBirth = Holders.Born,
        string? email = null,
        string firstName = "Robin",
        Guid? locationId = null
    ) => (
            await Api.Post(
                $"{Path}/patients",
                new
                {
                    firstName,
                    lastName = "Sunderland",
                    email,
                    dateOfBirth,
                    locationId,
                    acceptDuplicate = true,
                }
            )
        ).Should(201).Id;

    /// <summary>
    /// An appointment, an invoice and a clinical record, with words that are easy to find in any answer.
    /// </summary>
    public async Task<(Guid Appointment, Guid Invoice, Guid Record)> AddsRecords(Guid patient, int days = 3)
    {
        var starts = DateTimeOffset.UtcNow.AddDays(days);
        var appointment = (
            await Api.Post(
                $"{Path}/patients/{patient}/appointments",
                new
                {
                    startsAt = starts,
                    endsAt = starts.AddMinutes(30),
                    practitionerId = Practitioner.Id,
                    locationId = Group.LocationId,
                    reason = "clinicalword reason",
                    allowOverlap = true,
                    allowOutsideHours = true, // some tests move the clock
                }
            )
        ).Should(201).Id;
        var invoice = (
            await Api.Post(
                $"{Path}/patients/{patient}/invoices",
                new
                {
                    number = $"INV-{Guid.NewGuid():n}"[..12],
                    issuedOn = "2026-11-01",
                    dueOn = "2026-11-15",
                    currency = "AUD",
                    lines = new[]
                    {
                        new
                        {
                            description = "Consultation",
                            quantity = 1.5m,
                            unitPrice = "80.10",
                        },
                    },
                }
            )
        ).Should(201).Id;
        var record = (
            await Api.Post(
                $"{Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "note",
                    title = "clinicalword title",
                    body = "clinicalword body",
                    recordedAt = "2026-11-01T10:00:00Z",
                    shared = true,
                }
            )
        ).Should(201).Id;
        return (appointment, invoice, record);
    }

    /// <summary>Invites, and returns the token of the mailed link.</summary>
    public async Task<string> Invites(Guid patient, string email, bool guardian = false, string? until = null)
    {
        var before = Group.Host.Mail.To(email).Count(mail => mail.Token is not null);
        (
            await Api.Post(
                $"{Path}/patients/{patient}/invite",
                guardian ? new { guardianEmail = email, guardianUntil = until } : new { }
            )
        ).Should(202);
        return (
            await Eventually.Get(() =>
                Task.FromResult(
                    Group.Host.Mail.To(email).Where(mail => mail.Token is not null).Skip(before).FirstOrDefault()
                )
            )
        ).Token!;
    }

    /// <summary>The path of a guardian's access to a patient, as the practice names it.</summary>
    public async Task<string> AccessOf(Holder guardian, Guid patient)
    {
        var access = $"{Path}/patients/{patient}/access";
        var shown = (await Api.GetAll(access)).Single(one =>
            one.GetProperty("relation").GetString() == "dependant"
            && one.GetProperty("name").GetString() == $"{guardian.Person.FirstName} {guardian.Person.LastName}"
        );
        return $"{access}/{shown.GetProperty("grantId").GetGuid()}";
    }

    /// <summary>A patient whose records the holder's account shows.</summary>
    public async Task<Guid> Links(Holder holder)
    {
        var patient = await AddsPatient(email: holder.Email);
        (await holder.Api.Post("/api/portal/claims", new { token = await Invites(patient, holder.Email) })).Should(204);
        return patient;
    }
}
