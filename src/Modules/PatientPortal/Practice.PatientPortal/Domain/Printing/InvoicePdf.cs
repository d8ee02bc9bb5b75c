using System.Globalization;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Practice.PatientPortal.Domain.Printing;

/// <summary>An invoice as a PDF, on as many A4 pages as it needs.</summary>
internal sealed class InvoicePdf : IDisposable
{
    public const string ContentType = "application/pdf";

    private const double Left = 50,
        Right = 545,
        Middle = 330,
        Top = 64,
        Bottom = 775,
        FooterAt = 812;

    /// <summary>Where the columns of numbers end, and how wide the description is.</summary>
    private const double QuantityAt = 345,
        PriceAt = 425,
        TaxAt = 465,
        DescriptionWidth = 245;

    private const double Title = 18,
        Large = 11,
        Normal = 9.5,
        Small = 8,
        StampSize = 150,
        Leading = 1.4;

    private static readonly XBrush Soft = new XSolidBrush(XColor.FromArgb(85, 85, 85));
    private static readonly XBrush Stamp = new XSolidBrush(XColor.FromArgb(70, 168, 34, 27));
    private static readonly XPen Rule = new(XColor.FromArgb(190, 190, 190), 0.6);

    private readonly PdfDocument _document = new();
    private readonly List<XGraphics> _pages = [];
    private readonly InvoiceSheet _sheet;
    private double _y;

    private InvoicePdf(InvoiceSheet sheet) => _sheet = sheet;

    private XGraphics Page => _pages[^1];

    public static byte[] Of(InvoiceSheet sheet)
    {
        using var paper = new InvoicePdf(sheet);
        paper.Draw();
        using var pdf = new MemoryStream();
        paper._document.Save(pdf, closeStream: false);
        return pdf.ToArray();
    }

    /// <summary>To save it under its number.</summary>
    public static string FileNameOf(InvoiceSheet sheet) =>
        $"invoice-{string.Concat(sheet.Number.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'))}.pdf";

    public void Dispose() => _document.Dispose();

    private void Draw()
    {
        _document.Info.Title = $"{_sheet.Title} {_sheet.Number}";
        AddPage();
        DrawHeader();
        DrawLines();
        DrawSums();
        DrawPayments();
        for (var page = 0; page < _pages.Count; page++)
        {
            var footer = string.Create(
                CultureInfo.InvariantCulture,
                $"{_sheet.Title} {_sheet.Number} · page {page + 1} of {_pages.Count}"
            );
            _pages[page].Write(footer, Right, FooterAt, Small, right: true, brush: Soft);
            if (_sheet.IsVoid)
                DrawStamp(_pages[page]);
            _pages[page].Dispose();
        }
    }

    private void AddPage()
    {
        var page = _document.AddPage();
        page.Size = PageSize.A4;
        _pages.Add(XGraphics.FromPdfPage(page));
        _y = Top;
    }

    private void DrawHeader()
    {
        Paragraph(_sheet.Practice, Left, Middle - Left - 20, Title, bold: true);
        _y += 4;
        foreach (var text in _sheet.PracticeDetails)
            Paragraph(text, Left, Middle - Left - 20, Normal, brush: Soft);
        var under = _y;

        _y = Top;
        Paragraph(_sheet.Title, Middle, Right - Middle, Title, bold: true);
        _y += 4;
        foreach (var (label, value) in _sheet.Facts)
        {
            Page.Write(label, Middle, _y, Normal, brush: Soft);
            Paragraph(value, Middle + 85, Right - Middle - 85, Normal);
        }

        _y = Math.Max(_y, under) + 22;
        Paragraph("Bill to", Left, Right - Left, Small, brush: Soft);
        Paragraph(_sheet.BilledTo, Left, Right - Left, Large, bold: true);
        _y += 20;
    }

    private void DrawLines()
    {
        DrawColumns();
        foreach (var line in _sheet.Lines)
        {
            var description = Page.Lines(line.Description, DescriptionWidth, Normal);
            var height = description.Count * Normal * Leading;
            if (_y + height > Bottom)
            {
                AddPage();
                DrawColumns();
            }

            Page.Write(line.Quantity, QuantityAt, _y, Normal, right: true);
            Page.Write(line.UnitPrice, PriceAt, _y, Normal, right: true);
            if (_sheet.HasTax)
                Page.Write(line.TaxRate, TaxAt, _y, Normal, right: true);
            Page.Write(line.Amount, Right, _y, Normal, right: true);
            foreach (var text in description)
            {
                Page.Write(text, Left, _y, Normal);
                _y += Normal * Leading;
            }

            Line(_y - (Normal * 0.85));
            _y += 5;
        }
    }

    private void DrawColumns()
    {
        Page.Write("Item", Left, _y, Small, bold: true, brush: Soft);
        Page.Write("Quantity", QuantityAt, _y, Small, bold: true, right: true, brush: Soft);
        Page.Write("Price each", PriceAt, _y, Small, bold: true, right: true, brush: Soft);
        if (_sheet.HasTax)
            Page.Write("Tax", TaxAt, _y, Small, bold: true, right: true, brush: Soft);
        Page.Write($"Amount ({_sheet.Currency})", Right, _y, Small, bold: true, right: true, brush: Soft);
        Line(_y + 5);
        _y += 20;
    }

    private void DrawSums()
    {
        Need(_sheet.Sums.Count * Large * 1.8);
        _y += 6;
        foreach (var (label, amount, strong) in _sheet.Sums)
        {
            Page.Write(label, PriceAt, _y, strong ? Large : Normal, bold: strong, right: true);
            Page.Write(amount, Right, _y, strong ? Large : Normal, bold: strong, right: true);
            _y += Large * 1.6;
        }
    }

    private void DrawPayments()
    {
        if (_sheet.Payments.Count == 0)
            return;
        _y += 10;
        Need(Normal * 4);
        Paragraph("Payments", Left, Right - Left, Small, bold: true, brush: Soft);
        foreach (var (what, amount) in _sheet.Payments)
        {
            Need(Normal * Leading);
            Page.Write(what, Left, _y, Normal);
            Page.Write(amount, QuantityAt, _y, Normal, right: true);
            _y += Normal * Leading;
        }
    }

    /// <summary>Across the page, so that nobody pays a void invoice by mistake.</summary>
    private static void DrawStamp(XGraphics page)
    {
        const string text = "VOID";
        const double tilt = -35;
        page.TranslateTransform((Left + Right) / 2, (Top + Bottom) / 2);
        page.RotateTransform(tilt);
        page.Write(text, -page.WidthOf(text, StampSize, bold: true) / 2, StampSize / 3, StampSize, true, brush: Stamp);
    }

    private void Paragraph(string text, double x, double width, double size, bool bold = false, XBrush? brush = null)
    {
        foreach (var line in Page.Lines(text, width, size, bold))
        {
            Page.Write(line, x, _y, size, bold, brush: brush);
            _y += size * Leading;
        }
    }

    private void Need(double height)
    {
        if (_y + height > Bottom)
            AddPage();
    }

    private void Line(double y) => Page.DrawLine(Rule, Left, y, Right, y);
}
