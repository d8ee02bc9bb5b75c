using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Practice.Webhooks.Tests;

/// <summary>What a receiver got in one request.</summary>
internal sealed record Received(string Path, IHeaderDictionary Headers, string Body)
{
    public string Id => Headers["webhook-id"].ToString();

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Event => Json.GetProperty("type").GetString()!;
}

/// <summary>A receiver of webhooks on this machine, which answers as a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>The status to answer with, by the number of the request from 1.</summary>
    public Func<int, int> Answers { get; set; } = _ => StatusCodes.Status204NoContent;

    /// <summary>Requests wait for it before they are answered.</summary>
    public Task Opens { get; set; } = Task.CompletedTask;

    public IReadOnlyList<Received> All => [.. _received];

    public string Url => $"{_app.Urls.First()}/hooks";

    public int Port => new Uri(Url).Port;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public Task<Received> Gets(string name, int times = 1) =>
        Eventually.Get(() => Task.FromResult(All.Where(one => one.Event == name).Skip(times - 1).FirstOrDefault()));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = new HeaderDictionary(http.Request.Headers.ToDictionary());
        int number;
        lock (_received)
        {
            _received.Enqueue(new Received(http.Request.Path, headers, body));
            number = _received.Count;
        }

        await Opens.WaitAsync(http.RequestAborted);
        http.Response.StatusCode = Answers(number);
        if (http.Response.StatusCode is >= 300 and < 400)
            http.Response.Headers.Location = "/elsewhere";
    }
}
