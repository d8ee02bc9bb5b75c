using Practice.PatientPortal.Domain.Printing;

namespace Practice.PatientPortal.Features;

internal static class InvoiceFile
{
    public static IResult Answer(InvoiceSheet sheet) =>
        Results.File(InvoicePdf.Of(sheet), InvoicePdf.ContentType, InvoicePdf.FileNameOf(sheet));
}
