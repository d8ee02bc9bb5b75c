using System.Globalization;
using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>A list is in the order of the date that it shows, whenever its rows were entered.</summary>
public sealed class ListOrderTests
{
    private static readonly int[] Days = [5, 20, 10, 20];

    [Fact]
    public async Task What_is_entered_afterwards_or_dated_back_stands_at_its_date()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var path = $"{clinic.Path}/patients/{patient}";
        foreach (var day in Days)
        {
            var startsAt = DateTimeOffset.UtcNow.AddDays(day);
            await Adds(
                "appointments",
                new
                {
                    startsAt,
                    endsAt = startsAt.AddMinutes(30),
                    practitionerId = clinic.Practitioner.Id,
                    locationId = clinic.Group.LocationId,
                    allowOverlap = true,
                    allowOutsideHours = true,
                }
            );
            await Adds(
                "invoices",
                new
                {
                    issuedOn = $"2026-03-{day:00}",
                    dueOn = "2026-04-30",
                    currency = "AUD",
                    lines = new[]
                    {
                        new
                        {
                            description = "Visit",
                            quantity = 1,
                            unitPrice = "80.00",
                        },
                    },
                }
            );
            await Adds(
                "clinical-records",
                new
                {
                    kind = "note",
                    title = $"Day {day}",
                    body = "Better.",
                    recordedAt = $"2026-03-{day:00}T10:00:00Z",
                    shared = true,
                }
            );
        }

        foreach (
            var (api, list, date) in new[]
            {
                (holder.Api, $"{holder.Path}/appointments", "startsAt"),
                (holder.Api, $"{holder.Path}/invoices", "issuedOn"),
                (holder.Api, $"{holder.Path}/clinical-records", "recordedAt"),
                (clinic.Api, $"{path}/invoices", "issuedOn"),
                (clinic.Api, $"{path}/clinical-records", "recordedAt"),
            }
        )
        foreach (var limit in new[] { 1, 3, 50 })
        {
            var items = await api.GetAll($"{list}?limit={limit}");
            Assert.Equal(Days.Length, items.Select(Id).Distinct().Count());
            Assert.Equal(
                items.OrderByDescending(item => At(item.GetProperty(date))).ThenByDescending(Id).Select(Id),
                items.Select(Id)
            );
            Assert.Equal(Days.Length, items.Count);
        }

        async Task Adds(string what, object body) => (await clinic.Api.Post($"{path}/{what}", body)).Should(201);
        static DateTimeOffset At(JsonElement date) =>
            DateTimeOffset.Parse(date.GetString()!, CultureInfo.InvariantCulture);
        static Guid Id(JsonElement item) => item.GetProperty("id").GetGuid();
    }
}
