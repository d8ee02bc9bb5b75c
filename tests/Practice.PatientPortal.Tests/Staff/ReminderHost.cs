using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>A host whose clock moves, with a gateway for text messages.</summary>
public sealed class ReminderHost : IAsyncLifetime
{
    public const string Collection = "reminders";

    public TestApp App { get; private set; } = null!;

    internal TextServer Texts { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Texts = await TextServer.StartAsync();
        App = await TestApp.StartAsync(new TestAppOptions { Settings = SettingsFor(Texts) });
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Texts.DisposeAsync();
    }

    internal static Dictionary<string, string?> SettingsFor(TextServer texts) =>
        new()
        {
            ["Sms:Url"] = texts.Url,
            ["Sms:Account"] = "AC1",
            ["Sms:Token"] = "s3cret",
            ["Sms:From"] = "+61400000000",
            ["Sms:Timeout"] = "00:00:02",
        };
}

[CollectionDefinition(ReminderHost.Collection)]
public sealed class ReminderHostCollection : ICollectionFixture<ReminderHost>;

/// <summary>A practice in that host, whose owner sees patients.</summary>
internal sealed record Reminding(TestApp App, Group Group)
{
    private static int _numbers;

    public Person Owner => Group.Owner;

    public static async Task<Reminding> New(TestApp app) =>
        new(app, await (await app.SignUpAndConfirm()).CreatesGroup(null, "practitioner", "nurse"));

    /// <summary>Sessions end while the clock moves.</summary>
    public async Task<Reminding> SignsInAgain() =>
        this with
        {
            Group = Group with { Owner = await Owner.SignsInAgain() },
        };

    public async Task Sets(bool enabled = true, int hoursBefore = 24, bool? byText = null) =>
        (
            await Owner.Api.Change(
                Group.Path,
                new
                {
                    name = Group.Name,
                    reminders = new
                    {
                        enabled,
                        hoursBefore,
                        byText,
                    },
                    invoices = new { currency = "AUD", dueAfterDays = 14 },
                }
            )
        ).Should(204);

    public async Task<(Guid Id, string Email, string Number)> AddsPatient(string? phone = null)
    {
        var (email, n) = (People.NewEmail(), Interlocked.Increment(ref _numbers));
        var body = Clinic.Patient(email: email);
        body["phone"] = phone ?? $"049157{n:0000}";
        var id = (await Owner.Api.Post(Group.Patients(), body)).Should(201).Id;
        return (id, email, "+61" + $"{body["phone"]}"[1..]);
    }

    public async Task<Guid> Books(Guid patient, TimeSpan ahead)
    {
        var starts = App.Clock.GetUtcNow() + ahead;
        return await Owner.Books(Group, patient, Owner.Id, startsAt: new(starts.Ticks / 10 * 10, TimeSpan.Zero));
    }

    public IReadOnlyList<Mail> Reminders(string email) =>
        [.. App.Mail.To(email).Where(mail => mail.Subject.StartsWith("Reminder", StringComparison.Ordinal))];

    public async Task TopsUp(int amount) =>
        (await Owner.Api.Post($"{Group.Path}/credit/top-ups", new { amount, note = "Starter pack" })).Should(201);

    public async Task<(int Balance, List<JsonElement> Entries)> Credit()
    {
        var credit = (await Owner.Api.Get($"{Group.Path}/credit?limit=200")).Should(200);
        return (credit["balance"].GetInt32(), [.. credit["items"].EnumerateArray()]);
    }

    public async Task Publishes(object message)
    {
        await using var scope = App.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(message);
    }
}
