using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>A gateway for text messages, with the API that the host expects, on a real port.</summary>
internal sealed class TextServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TextServer(WebApplication app) => _app = app;

    /// <summary>Every message that was handed over, taken or not.</summary>
    public ConcurrentQueue<(string From, string To, string Body)> Received { get; } = new();

    /// <summary>
    /// What it answers to a message to this number, the first time and later; by default it takes it.
    /// </summary>
    public Func<string, int, Task<IResult>> Answer { get; set; } = Takes;

    public string Url => _app.Urls.First() + "/2010-04-01";

    public IReadOnlyList<string> To(string number) =>
        [.. Received.Where(text => text.To == number).Select(text => text.Body)];

    public static Task<IResult> Takes(string to, int time) =>
        Task.FromResult(Results.Json(new { sid = $"SM{Guid.NewGuid():n}", status = "queued" }, statusCode: 201));

    public static async Task<TextServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new TextServer(builder.Build());
        var login = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("AC1:s3cret"));
        server._app.MapPost("/2010-04-01/Accounts/AC1/Messages.json", async (HttpRequest request) =>
        {
            if (request.Headers.Authorization != login)
                return Results.Json(new { code = 20003 }, statusCode: 401);
            var form = await request.ReadFormAsync();
            var to = form["To"].ToString();
            server.Received.Enqueue((form["From"].ToString(), to, form["Body"].ToString()));
            return await server.Answer(to, server.To(to).Count);
        });
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
