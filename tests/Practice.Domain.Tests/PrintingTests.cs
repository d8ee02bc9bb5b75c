using System.Text;
using PdfSharp.Pdf;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Printing;
using Practice.PatientPortal.Domain.Records;

namespace Practice.Domain.Tests;

/// <summary>Invoices on paper: every name can be read, and nothing runs off a page.</summary>
public sealed class PrintingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Zoë Müller-Łukasiewicz")]
    [InlineData("Nguyễn Thị Ngọc Ánh")]
    [InlineData("Ἀλέξανδρος Παπαδόπουλος")]
    [InlineData("Владимир Щербаков")]
    [InlineData("王小明")]
    [InlineData("山田 さくら")]
    [InlineData("김민준")]
    [InlineData("דוד כהן")]
    [InlineData("محمد الأحمد")]
    [InlineData("پریسا گلچین")]
    public void The_letters_of_a_name_are_in_the_fonts_that_the_product_brings(string name) =>
        Assert.True(Typefaces.Have(name), name);

    [Fact]
    public void The_patients_code_stands_for_a_name_that_no_font_has_and_for_one_that_is_hidden()
    {
        Assert.False(Typefaces.Have("สมชาย"));
        Assert.Equal("Patient P-1", Sheet(patient: "สมชาย").BilledTo);
        Assert.Equal("王小明", Sheet(patient: "王小明").BilledTo);
        Assert.Equal("Patient P-1", Sheet(patient: null).BilledTo);
    }

    /// <summary>
    /// Read from right to left, the Arabic letters joined: as the fonts have them, from left to right.
    /// </summary>
    [Theory]
    [InlineData("Jo Reed", "Jo Reed")]
    [InlineData("דוד כהן", "ןהכ דוד")]
    [InlineData("Massage \u064B", "Massage ")] // a vowel mark by itself
    [InlineData("דוד (בן)", "(ןב) דוד")]
    [InlineData("Dr דוד כהן, Haifa", "Dr ןהכ דוד, Haifa")]
    [InlineData("דוד 12 כהן", "ןהכ 12 דוד")]
    [InlineData("محمد", "\uFEAA\uFEE4\uFEA4\uFEE3")]
    [InlineData("علاء", "ء\uFEFC\uFECB")]
    [InlineData("دَار", "\uFEAD\uFE8D\uFEA9")]
    public void Hebrew_and_arabic_are_drawn_from_the_right(string text, string drawn) =>
        Assert.Equal(drawn, VisualOrder.Of(text));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(60, 4)]
    public void An_invoice_takes_as_many_pages_as_its_lines_need(int lines, int pages)
    {
        var pdf = InvoicePdf.Of(Sheet(lines));
        Assert.Equal("%PDF-", Encoding.ASCII.GetString(pdf, 0, 5));
        using var stream = new MemoryStream(pdf);
        using var document = PdfSharp.Pdf.IO.PdfReader.Open(stream, PdfSharp.Pdf.IO.PdfDocumentOpenMode.Import);
        Assert.Equal(pages, document.PageCount);
        Assert.All(document.Pages, (PdfPage page) =>
            Assert.Equal((595, 842), ((int)page.Width.Point, (int)page.Height.Point))
        );
    }

    [Fact]
    public void A_sheet_says_what_is_owed_and_by_whom()
    {
        var sheet = Sheet(1);
        Assert.Equal("Tax invoice", sheet.Title);
        Assert.Equal(["1 High Street\nMelbourne", "ABN 51 824 753 556"], sheet.PracticeDetails);
        Assert.Contains(new SheetFact("Registration", "PHY0001"), sheet.Facts);
        Assert.Equal(
            [
                new SheetSum("Without tax", "1,234.50", false),
                new SheetSum("Tax 10% on 1,234.50", "123.45", false),
                new SheetSum("Total AUD", "1,357.95", true),
                new SheetSum("Paid", "100.00", false),
                new SheetSum("To be paid AUD", "1,257.95", true),
            ],
            sheet.Sums
        );
        Assert.Equal([new SheetPayment("2 Mar 2026, bank transfer", "100.00")], sheet.Payments);
    }

    [Fact]
    public void A_pdf_with_letters_that_no_font_has_is_refused()
    {
        Assert.False(Sheet().WithAllLetters().IsError);
        Assert.Equal(
            "portal.letters_not_printable",
            (Sheet() with { Practice = "คลินิก" }).WithAllLetters().FirstError.Code
        );
    }

    private static InvoiceSheet Sheet(int lines = 1, string? patient = "Jo Reed")
    {
        var invoice = Invoice.Issue(
            Patient.Add(Guid.NewGuid(), "The clinic", Guid.NewGuid(), Now),
            Guid.NewGuid(),
            null,
            null,
            new(
                "The clinic",
                "1 High Street\nMelbourne",
                null,
                "51 824 753 556",
                "Dr Ada Moss",
                "PHY0001",
                "Main",
                patient
            ),
            "1",
            new(2026, 3, 1),
            new(2026, 3, 15),
            "AUD",
            [
                .. Enumerable.Repeat(
                    new InvoiceLine(
                        "A consultation whose description needs more than one line of the page",
                        1,
                        1234.5m,
                        10
                    ),
                    lines
                ),
            ],
            Now
        );
        Assert.False(invoice.Pay(100, PaymentMethod.BankTransfer, new(2026, 3, 2), Guid.NewGuid(), Now).IsError);
        return InvoiceSheet.Of(invoice, invoice.Letterhead!, "P-1");
    }
}
