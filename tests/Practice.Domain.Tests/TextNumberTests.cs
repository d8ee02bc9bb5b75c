using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Texts;
using Practice.PatientPortal.Texts;

namespace Practice.Domain.Tests;

public sealed class TextNumberTests
{
    [Theory]
    [InlineData("0491 570 006", "AU", "+61491570006")]
    [InlineData("+61 (0)491 570 006", "AU", "+61491570006")]
    [InlineData("07400 123456", "GB", "+447400123456")]
    [InlineData("021 123 4567", "NZ", "+64211234567")]
    [InlineData("0491 570 006", "GB", null)]
    [InlineData("+61 491 570 006", "GB", null)]
    [InlineData("+44 7400 123456", "AU", null)]
    [InlineData("(02) 5550 1234", "AU", null)]
    [InlineData("0491 570 006 (mum)", "AU", null)]
    [InlineData("none", "AU", null)]
    [InlineData(null, "AU", null)]
    public void A_number_is_read_as_people_of_the_region_write_it_and_no_other_is_texted(
        string? typed,
        string region,
        string? number
    ) => Assert.Equal(number, TextNumbers.Find(typed, region));

    [Fact]
    public void Names_in_a_text_are_no_links()
    {
        var now = new DateTimeOffset(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);
        var patient = Patient.Add(Guid.NewGuid(), "Win at bad.example/x", Guid.NewGuid(), now);
        patient.Describe("Jo", "Reed", null, new(1990, 1, 1), null, null);
        var appointment = Appointment.Book(
            patient,
            (Guid.Empty, "Dr Vale"),
            (Guid.Empty, "https://worse.example", "UTC"),
            new(Guid.Empty, Guid.Empty, null, now, now.AddMinutes(30)),
            null,
            now
        );
        var text = TextWording.Reminder(patient, appointment);
        Assert.StartsWith("Reminder from Win at bad. example/x: ", text, StringComparison.Ordinal);
        Assert.EndsWith("Sun 29 Nov, 09:00, https: / /worse. example.", text, StringComparison.Ordinal);
    }

    /// <summary>Its credit is returned then; a text that nobody tries any more would keep it.</summary>
    [Fact]
    public void A_text_is_tried_until_the_appointment_begins() =>
        Assert.True(SendTextHandler.Pauses.Sum(pause => pause.TotalHours) > 7 * 24);
}
