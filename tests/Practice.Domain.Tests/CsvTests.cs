using Practice.Csv;

namespace Practice.Domain.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("  =1+1")]
    [InlineData("\u00A0=1+1")]
    [InlineData("\u3000=1+1")]
    // Excel takes these for the same on Japanese machines: https://github.com/OWASP/www-community/issues/1088.
    [InlineData("\uFF1D1+1")]
    [InlineData("\uFF0B1")]
    [InlineData("\uFF0D1")]
    [InlineData("\u22121")]
    [InlineData("\u30FC1")]
    [InlineData("\uFF20SUM(A1)")]
    public void A_cell_that_a_spreadsheet_would_work_out_gets_an_apostrophe(string cell) =>
        Assert.Equal($"'{cell}\r\n", CsvText.Row([cell]));

    [Theory]
    [InlineData("1-1")]
    [InlineData("O'Hara = Moss")]
    [InlineData("\u5C71\u7530")]
    public void Another_cell_stays(string cell) => Assert.Equal($"{cell}\r\n", CsvText.Row([cell]));
}
