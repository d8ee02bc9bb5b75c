using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;

namespace Practice.Host.Tests.Cost;

/// <summary>What a page asks the API.</summary>
[Collection(CallCostTests.Alone)]
public sealed class PageCostTests
{
    [Fact]
    public async Task The_sign_in_page_asks_nothing()
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        var answered = new ConcurrentQueue<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Microsoft.AspNetCore.Hosting", Name: "http.server.request.duration" })
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>(
            (_, _, tags, _) =>
            {
                foreach (var tag in tags)
                    if (tag is { Key: "http.route", Value: string route })
                        answered.Enqueue(route);
            }
        );
        meters.Start();

        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/sign-in")).StatusCode);
        (await app.Api.Get("/api/users/sign-in/providers")).Should(200); // answered after the page, so it is counted

        await Eventually.Is(() => Task.FromResult(answered.Contains("/api/users/sign-in/providers")));
        Assert.Equal(["/sign-in", "/api/users/sign-in/providers"], answered);
    }
}
