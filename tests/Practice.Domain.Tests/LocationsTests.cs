using Practice.Locations.Domain;

namespace Practice.Domain.Tests;

public sealed class LocationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_opened_with_a_name_and_a_time_zone()
    {
        var (id, group) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var location = Location.Open(id, group, " Main street ", "Australia/Melbourne", Now);
        Assert.Equal(
            (id, group, "Main street", "Australia/Melbourne", Now, false),
            (location.Id, location.GroupId, location.Name, location.TimeZone, location.CreatedAt, location.IsArchived)
        );
    }

    [Fact]
    public void A_blank_field_is_null()
    {
        var location = Open();
        var hours = new WeeklyHours([new OpenHours("09:00", "17:00")], null, null, null, null, null, null);
        location.Describe(" Hill ", " 1 Hill road ", " 555 ", "Etc/UTC", "#aabbcc", hours);
        Assert.Equal(
            ("Hill", "1 Hill road", "555", "Etc/UTC", "#aabbcc", hours),
            (location.Name, location.Address, location.Phone, location.TimeZone, location.Colour, location.Hours)
        );
        location.Describe("Hill", " ", "", "Etc/UTC", null, null);
        Assert.Equal((null, null, null, null), (location.Address, location.Phone, location.Colour, location.Hours));
    }

    [Fact]
    public void Seven_empty_days_are_no_hours()
    {
        var location = Open();
        location.Describe("Hill", null, null, "Etc/UTC", null, new WeeklyHours([], [], [], null, [], [], []));
        Assert.Null(location.Hours);
    }

    [Fact]
    public void The_last_active_one_cannot_be_archived()
    {
        var (first, second) = (Open(), Open());
        var error = first.Archive([first], Now).FirstError;
        Assert.Equal("locations.last_active", error.Code);
        Assert.StartsWith("This is the practice's last active location.", error.Description, StringComparison.Ordinal);
        Assert.False(first.IsArchived);
        Assert.False(first.Archive([first, second], Now).IsError);
        Assert.Equal((true, Now), (first.IsArchived, first.ArchivedAt));
        Assert.True(second.Archive([first, second], Now).IsError);
        first.Restore();
        Assert.False(first.IsArchived);
        Assert.False(second.Archive([first, second], Now).IsError);
    }

    private static Location Open() =>
        Location.Open(Guid.CreateVersion7(), Guid.CreateVersion7(), "Main street", "Australia/Melbourne", Now);
}
