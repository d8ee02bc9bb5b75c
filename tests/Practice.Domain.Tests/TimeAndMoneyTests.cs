using System.Globalization;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Http;
using Practice.Time;

namespace Practice.Domain.Tests;

/// <summary>Instants, dates, days of a zone, and money, by kind: the rules of API and pages.</summary>
public sealed class TimeAndMoneyTests
{
    [Theory]
    [InlineData("2027-03-05T09:00:00Z", "2027-03-05 09:00:00.0000000")]
    [InlineData("2027-03-05t09:00:00z", "2027-03-05 09:00:00.0000000")] // RFC 3339, 5.6: case does not matter
    [InlineData("2027-03-05T09:00:00+11:00", "2027-03-04 22:00:00.0000000")]
    [InlineData("2027-03-05T09:00:00-09:30", "2027-03-05 18:30:00.0000000")]
    [InlineData("2027-03-05T09:00:00-00:00", "2027-03-05 09:00:00.0000000")]
    [InlineData("2027-03-05T09:00:00.5Z", "2027-03-05 09:00:00.5000000")]
    [InlineData("2027-03-05T09:00:00.123456789Z", "2027-03-05 09:00:00.1234567")]
    [InlineData("2028-02-29T23:59:59+00:00", "2028-02-29 23:59:59.0000000")]
    public void An_instant_is_RFC_3339_with_its_offset(string text, string utc) =>
        Assert.Equal(
            utc,
            IsoTime.Instant(text)!.Value.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture)
        );

    [Theory]
    [InlineData("2027-03-05T09:00:00")] // the offset would be this machine's
    [InlineData("2027-03-05T09:00Z")]
    [InlineData("2027-03-05T09Z")]
    [InlineData("2027-03-05 09:00:00Z")]
    [InlineData("2027-03-05")]
    [InlineData("2027-03-05T24:00:00Z")]
    [InlineData("2027-03-05T09:60:00Z")]
    [InlineData("2027-03-05T09:00:60Z")]
    [InlineData("2027-02-29T09:00:00Z")]
    [InlineData("2027-03-05T09:00:00+1100")]
    [InlineData("2027-03-05T09:00:00+11")]
    [InlineData("2027-03-05T09:00:00+24:00")]
    [InlineData("2027-03-05T09:00:00 +11:00")]
    [InlineData("2027-03-05T09:00:00.Z")]
    [InlineData("2027-03-05T09:00:00,5Z")]
    [InlineData("2027-03-05T09:00:00Z ")]
    [InlineData(" 2027-03-05T09:00:00Z")]
    [InlineData("2027-03-05T09:00:00Zulu")]
    [InlineData("2027-3-5T9:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("12:00")]
    [InlineData("01/03/2027")]
    [InlineData("March 2027")]
    [InlineData("Fri, 05 Mar 2027 09:00:00 GMT")]
    [InlineData("1804150800")]
    [InlineData("٢٠٢٧-٠٣-٠٥T٠٩:٠٠:٠٠Z")]
    [InlineData("tomorrow")]
    [InlineData("")]
    [InlineData(null)]
    public void Nothing_else_is_an_instant(string? text) => Assert.Null(IsoTime.Instant(text));

    [Fact]
    public void A_date_is_year_month_day() => Assert.Equal(new DateOnly(2027, 3, 5), IsoTime.Day("2027-03-05"));

    [Theory]
    [InlineData("2027-3-5")]
    [InlineData("05/03/2027")]
    [InlineData("20270305")]
    [InlineData("2027-03-05T00:00:00Z")]
    [InlineData("2027-02-29")]
    [InlineData("2027-03")]
    [InlineData("2027-W09-5")]
    [InlineData(" 2027-03-05")]
    [InlineData("٢٠٢٧-٠٣-٠٥")]
    [InlineData("March 2027")]
    [InlineData("")]
    [InlineData(null)]
    public void Nothing_else_is_a_date(string? text) => Assert.Null(IsoTime.Day(text));

    /// <summary>By zone: how often a clock time occurs, and when.</summary>
    [Theory]
    [InlineData("Australia/Melbourne", "2027-03-05 09:00", "2027-03-04T22:00Z")]
    [InlineData("Australia/Melbourne", "2027-04-04 02:30", "2027-04-03T15:30Z", "2027-04-03T16:30Z")]
    [InlineData("Australia/Melbourne", "2027-10-03 02:30")]
    [InlineData("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03T14:45Z", "2027-04-03T15:15Z")] // half an hour
    [InlineData("America/New_York", "2027-11-07 01:30", "2027-11-07T05:30Z", "2027-11-07T06:30Z")]
    [InlineData("America/Havana", "2027-11-07 00:30", "2027-11-07T04:30Z", "2027-11-07T05:30Z")]
    [InlineData("America/Havana", "2027-03-14 00:30")]
    [InlineData("America/Santiago", "2027-04-03 23:30", "2027-04-04T02:30Z", "2027-04-04T03:30Z")]
    [InlineData("Pacific/Apia", "2011-12-30 12:00")] // a whole day was left out
    [InlineData("UTC", "2027-04-04 02:30", "2027-04-04T02:30Z")]
    public void A_clock_time_occurs_once_twice_or_never(string zone, string local, params string[] instants) =>
        Assert.Equal(instants, Zone(zone).InstantsOf(Local(local)).Select(Utc));

    [Theory]
    [InlineData("Australia/Melbourne", "2027-10-03 02:30", "2027-10-03 03:00")]
    [InlineData("Australia/Lord_Howe", "2027-10-03 02:10", "2027-10-03 02:30")]
    [InlineData("America/Havana", "2027-03-14 00:00", "2027-03-14 01:00")]
    [InlineData("Pacific/Apia", "2011-12-30 12:00", "2011-12-31 00:00")]
    [InlineData("Australia/Melbourne", "2027-10-03 03:00", "2027-10-03 03:00")]
    public void After_a_gap_comes_the_next_time_that_exists(string zone, string local, string next) =>
        Assert.Equal(Local(next), Zone(zone).FirstFrom(Local(local)).DateTime);

    /// <summary>Midnights that are skipped, that occur twice, and days of 23 to 25 hours.</summary>
    [Theory]
    [InlineData("Australia/Melbourne", "2027-03-05", "2027-03-04T13:00Z", "2027-03-05T13:00Z")]
    [InlineData("Australia/Melbourne", "2027-04-04", "2027-04-03T13:00Z", "2027-04-04T14:00Z")]
    [InlineData("America/Havana", "2027-11-06", "2027-11-06T04:00Z", "2027-11-07T04:00Z", "2027-11-07T05:00Z")]
    [InlineData("America/Havana", "2027-11-07", "2027-11-07T04:00Z", "2027-11-08T05:00Z")]
    [InlineData("America/Havana", "2027-03-14", "2027-03-14T05:00Z", "2027-03-15T04:00Z")]
    [InlineData("Atlantic/Azores", "2027-10-31", "2027-10-31T00:00Z", "2027-11-01T01:00Z")]
    [InlineData("America/Santiago", "2027-04-03", "2027-04-03T03:00Z", "2027-04-04T04:00Z")]
    [InlineData("Asia/Beirut", "2027-03-28", "2027-03-27T22:00Z", "2027-03-28T21:00Z")]
    [InlineData("Africa/Cairo", "2027-10-28", "2027-10-27T21:00Z", "2027-10-28T22:00Z")]
    [InlineData("America/St_Johns", "2010-11-07", "2010-11-07T02:30Z", "2010-11-08T03:30Z")]
    public void A_day_has_all_its_instants(
        string zone,
        string day,
        string start,
        string end,
        string? secondMidnight = null
    )
    {
        var (clock, date) = (Zone(zone), DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(start, Utc(clock.StartOf(date)));
        Assert.Equal(secondMidnight ?? end, Utc(clock.EndOf(date)));

        // Asked of every quarter of an hour from the day before to the day after: none is lost, none is another day's.
        for (var at = clock.StartOf(date).AddDays(-1); at < clock.EndOf(date).AddDays(1); at = at.AddMinutes(15))
        {
            if (clock.DayOf(at) == date)
                Assert.InRange(at, clock.StartOf(date), clock.EndOf(date).AddTicks(-1));
        }
    }

    [Theory]
    [InlineData("JPY", "12", null)]
    [InlineData("JPY", "12.5", "JPY has no decimals. Enter a whole number.")]
    [InlineData("JPY", "12.50", "JPY has no decimals. Enter a whole number.")]
    [InlineData("AUD", "12.5", null)]
    [InlineData("AUD", "12.50", null)]
    [InlineData("AUD", "12.505", "AUD has 2 decimals at most.")]
    [InlineData("KWD", "1.125", null)]
    [InlineData("KWD", "1.1255", "KWD has 3 decimals at most.")]
    [InlineData("CLF", "1.1255", null)]
    [InlineData("CLF", "1.12555", "CLF has 4 decimals at most.")]
    [InlineData("XAU", "1.1", null)] // the currency is what is wrong
    [InlineData("EUR", "9,50", "Write 9.50, with a point before the decimals.")]
    [InlineData("EUR", " 9,5 ", "Write 9.5, with a point before the decimals.")]
    [InlineData("EUR", "1,500", "Enter an amount such as 12.50, with nothing but digits and a point.")]
    [InlineData("EUR", "1.234,50", "Enter an amount such as 12.50, with nothing but digits and a point.")]
    [InlineData("EUR", "$9.50", "Enter an amount such as 12.50, with nothing but digits and a point.")]
    [InlineData("EUR", "-9.50", "Enter an amount such as 12.50, with nothing but digits and a point.")]
    [InlineData("EUR", "٩", "Enter an amount such as 12.50, with nothing but digits and a point.")]
    [InlineData("EUR", "1e3", "Enter an amount such as 12.50, with nothing but digits and a point.")]
    [InlineData("EUR", null, "This field is required.")]
    public void A_price_has_the_digits_of_its_currency(string currency, string? price, string? wrong) =>
        Assert.Equal(wrong, NewInvoiceLine.WrongWithPrice(price, currency));

    [Theory]
    [InlineData("AUD", "1.5", "33.33", "50.00")] // 49.995
    [InlineData("AUD", "0.5", "0.01", "0.01")]
    [InlineData("AUD", "0.5", "0.05", "0.03")] // 0.025: to even would be 0.02
    [InlineData("AUD", "3", "12.50", "37.50")]
    [InlineData("JPY", "0.5", "25", "13")]
    [InlineData("KWD", "0.5", "1.125", "0.563")]
    [InlineData("CLF", "0.5", "1.1255", "0.5628")]
    public void An_amount_is_rounded_half_away_from_zero(
        string currency,
        string quantity,
        string price,
        string amount
    ) => Assert.Equal(amount, Money.Text(Line(quantity, price).Amount(currency), currency));

    [Theory]
    [InlineData("AUD", "1.5", "33.33", 2, "100.00")] // together 99.99
    [InlineData("AUD", "0.333", "0.10", 3, "0.09")]
    [InlineData("JPY", "0.5", "25", 2, "26")]
    public void A_total_is_the_sum_of_rounded_lines(
        string currency,
        string quantity,
        string price,
        int lines,
        string total
    ) =>
        Assert.Equal(
            total,
            Money.Text(InvoiceSum.Of(Enumerable.Repeat(Line(quantity, price), lines), currency).Total, currency)
        );

    [Theory]
    [InlineData("JPY", "1250.00", "1250")]
    [InlineData("JPY", "12.50", "12.50")] // issued before the currency decided
    [InlineData("JPY", "12.5", "12.50")]
    [InlineData("KWD", "1.10", "1.100")]
    [InlineData("CLF", "1", "1.0000")]
    [InlineData("AUD", "1.5", "1.50")]
    public void An_amount_is_written_with_the_digits_of_its_currency(string currency, string amount, string text) =>
        Assert.Equal(text, Money.Text(decimal.Parse(amount, CultureInfo.InvariantCulture), currency));

    [Theory]
    [InlineData("AUD", 2)]
    [InlineData("JPY", 0)]
    [InlineData("ISK", 0)]
    [InlineData("UGX", 0)]
    [InlineData("HUF", 2)]
    [InlineData("TND", 3)]
    [InlineData("CLF", 4)]
    [InlineData("CLP", 0)]
    [InlineData("XAU", null)]
    [InlineData("BGN", null)] // the euro since 2026
    [InlineData("aud", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Minor_units_are_those_of_ISO_4217(string? code, int? digits) =>
        Assert.Equal(digits, Currencies.MinorDigits(code));

    private static InvoiceLine Line(string quantity, string price) =>
        new(
            "",
            decimal.Parse(quantity, CultureInfo.InvariantCulture),
            decimal.Parse(price, CultureInfo.InvariantCulture)
        );

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    private static DateTime Local(string text) =>
        DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Utc(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
