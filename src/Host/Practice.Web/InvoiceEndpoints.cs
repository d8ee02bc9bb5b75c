using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Client;

namespace Practice.Web;

/// <summary>Invoices as files, for staff and in the portal: passed on as the API sends them.</summary>
internal static class InvoiceEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods(
                "/practice/{groupId:guid}/invoices/{invoiceId:guid}/pdf",
                ["GET", "HEAD"],
                async (Guid groupId, Guid invoiceId, HttpContext http, PracticeApi api, CancellationToken ct) =>
                    FileAnswers.PassOn(http, await api.PrintInvoiceAsync(groupId, invoiceId, ct))
            )
            .RequireAuthorization()
            .ExcludeFromDescription();
        app.MapMethods(
                "/portal/{accountId:guid}/invoices/{invoiceId:guid}/pdf",
                ["GET", "HEAD"],
                async (Guid accountId, Guid invoiceId, HttpContext http, PracticeApi api, CancellationToken ct) =>
                    FileAnswers.PassOn(http, await api.PrintAccountInvoiceAsync(accountId, invoiceId, ct))
            )
            .RequireAuthorization()
            .ExcludeFromDescription();
    }
}
