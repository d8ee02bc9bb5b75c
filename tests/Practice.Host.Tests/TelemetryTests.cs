using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using OpenTelemetry.Trace;
using Practice.PatientPortal.Domain.Texts;
using Practice.Shared.Audit;

namespace Practice.Host.Tests;

/// <summary>What an operator sees: one trace through everything, metrics by the names on the dashboard, logs.</summary>
public sealed partial class TelemetryTests
{
    [Fact]
    public async Task One_trace_leads_from_the_call_by_handler_statements_and_event_to_the_email()
    {
        var spans = new ConcurrentBag<Activity>();
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" },
                Services = services =>
                    services.ConfigureOpenTelemetryTracerProvider(traces =>
                        traces.AddProcessor(new OpenTelemetry.SimpleActivityExportProcessor(new Kept(spans)))
                    ),
            }
        );
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var invited = await app.SignUpAndConfirm();
        (
            await owner.Api.Post(
                $"{group.Path}/members",
                new
                {
                    firstName = "Ines",
                    lastName = "Vale",
                    roleType = "administrator",
                    profession = "receptionist",
                    email = invited.Email,
                    confirmEmail = invited.Email,
                    accessLevel = "reception",
                    locationIds = Array.Empty<Guid>(),
                }
            )
        ).Should(201);

        await app.Mail.WaitFor(invited.Email, "invit");

        // From the email up to the call. A span is there once it has ended, the outer ones last.
        var way = await Eventually.Get(() => Task.FromResult(WayToTheCall()));
        // The email, its message, and the event.
        Assert.Equal(["Practice", "Wolverine", "Wolverine"], way[..3].Select(span => span.Source.Name));
        var call = way[^1];
        Assert.EndsWith("/members", call.DisplayName, StringComparison.Ordinal);
        Assert.Contains(spans, span => span.Source.Name == "Npgsql" && span.TraceId == call.TraceId);

        Activity[]? WayToTheCall()
        {
            var email = spans.LastOrDefault(span =>
                span.DisplayName == "send email" && Equals(span.GetTagItem("practice.email.kind"), "Invitation")
            );
            var found = new List<Activity>();
            for (var span = email; span is not null; )
            {
                found.Add(span);
                if (span.Source.Name == "Microsoft.AspNetCore")
                    return [.. found];
                span = spans.SingleOrDefault(above => above.SpanId == span.ParentSpanId);
            }

            return null;
        }
    }

    [Fact]
    public async Task Every_metric_and_label_of_the_dashboard_and_of_the_alerts_is_on_the_metrics_page()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Metrics:Url"] = url.ToString() } }
        );
        using var http = new HttpClient { BaseAddress = url };
        string[] counted = ["outcome=\"rejected\"", "by=\"account\"", "by=\"address\""];
        var first = await http.GetStringAsync("/metrics");
        Assert.All(counted, label => Assert.Contains(label, first, StringComparison.Ordinal)); // before any event

        // Other counters begin with their first event.
        var person = await app.SignUpAndConfirm();
        var wrong = new { person.Email, password = "not the password" };
        for (var tries = 0; (await app.Api.Post("/api/users/sign-in", wrong)).Status != 429; tries++)
            Assert.InRange(tries, 0, 100);
        Metrics.Expression[] expressions =
        [
            .. Metrics.ExpressionsIn("deploy/grafana/practice.json", "deploy/prometheus/practice.rules.yml"),
        ];
        Assert.Contains(expressions, one => one.Names.Contains("practice_messages_lag_seconds"));
        Assert.Contains(expressions, one => one.Labels.Contains("outcome"));

        // The first reading of the queues comes a moment after the start, as does the first message.
        string[] late = ["practice_messages_lag_seconds", "wolverine_messages_succeeded_Messages_total"];
        await Eventually.Is(async () =>
        {
            var page = await http.GetStringAsync("/metrics");
            return Array.TrueForAll(late, name => page.Contains($"{name}{{", StringComparison.Ordinal));
        });
        (await app.Api.Get("/health/ready")).Should(200); // looks for migrations, as the owner
        var page = await http.GetStringAsync("/metrics");
        Assert.DoesNotContain("Command Timeout=0", page, StringComparison.Ordinal); // the name of an unnamed pool
        var shown = Metrics.On(page);
        Assert.All(expressions, one => Assert.Empty(one.Names.Except(shown.Keys)));
        Assert.All(expressions, one => Assert.Empty(one.Labels.Except(one.Names.SelectMany(name => shown[name]))));
        // Not a route of the product, whatever the headers say.
        (await app.Api.WithHeader("Host", url.Authority).Get("/metrics")).Should(404);
    }

    [Fact]
    public async Task An_email_and_a_text_that_wait_a_dead_letter_and_a_chain_that_stands_are_counted()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Metrics:Url"] = url.ToString(),
                    ["Mail:Smtp:Host"] = "127.0.0.1",
                    ["Mail:Smtp:Port"] = $"{FreePort()}",
                },
            }
        );
        using var http = new HttpClient { BaseAddress = url };
        Assert.Equal(0, await ValueAsync("practice_emails_due"));
        Assert.Equal(0, await ValueAsync("practice_audit_lag_seconds"));
        await app.Owner.Execute(
            """
            insert into messaging.wolverine_dead_letters (id, body, message_type, received_at, replayable)
            values (gen_random_uuid(), '', 'a message', 'local://practice.users.mail.delivermail/', false)
            """
        );
        // As a text whose gateway is away. An id begins with its time.
        await app.Owner.Execute(
            """
            insert into messaging.wolverine_incoming_envelopes
                (id, status, owner_id, execution_time, attempts, body, message_type, received_at)
            values ((lpad(to_hex((extract(epoch from now()) * 10000000)::bigint + 621355968000000000), 16, '0')
                    || '8000000000000000')::uuid,
                'Scheduled', 0, now() + interval '12 hours', 1, '', 'a text', $1)
            """,
            $"local://{typeof(SendText).FullName!.ToLowerInvariant()}/"
        );
        // As another host that extends the audit's chain, and stands still.
        await using var other = new NpgsqlConnection(app.ConnectionString);
        await other.OpenAsync();
        await using var take = new NpgsqlCommand($"select pg_advisory_lock({AuditHashChain.LockKey})", other);
        await take.ExecuteNonQueryAsync();
        await app.Owner.Execute(
            """
            insert into audit.entries (id, at, authority, act, subject_id)
            values (gen_random_uuid(), now(), 'self', 'users.renamed', gen_random_uuid())
            """
        );
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        (
            await app
                .Api.WithHeader("traceparent", $"00-{Trace}-b7ad6b7169203331-01")
                .Post(
                    "/api/users/sign-up",
                    new
                    {
                        firstName = "Olive",
                        lastName = "Hart",
                        email = "olive@practice.test",
                        password = "an owner of few words",
                    }
                )
        ).Should(201);

        await Eventually.Is(async () => await ValueAsync("practice_emails_due") == 1);
        // Since it was sent, and not since the last try.
        Assert.InRange(await ValueAsync("practice_emails_lag_seconds"), 0.001, 120);
        Assert.Equal(1, await ValueAsync("practice_texts_due"));
        Assert.InRange(await ValueAsync("practice_texts_lag_seconds"), 0.001, 120);
        Assert.Equal(0, await ValueAsync("practice_messages_due", "module=\"portal\""));
        Assert.Equal(1, await ValueAsync("practice_messages_dead", "module=\"users\""));
        Assert.Equal(1, await ValueAsync("practice_database_reachable"));
        await Eventually.Is(async () => await ValueAsync("practice_audit_lag_seconds") > 0);
        // The line about the message names the call that caused it.
        await Eventually.Is(() =>
            Task.FromResult(app.Log.HasLine("Failed to process message Practice.Users.Mail.DeliverMail", Trace))
        );

        async Task<double> ValueAsync(string name, string label = "")
        {
            var line = await Eventually.Get(async () =>
                (await http.GetStringAsync("/metrics"))
                    .Split('\n')
                    .FirstOrDefault(line =>
                        line.StartsWith($"{name}{{", StringComparison.Ordinal)
                        && line.Contains(label, StringComparison.Ordinal)
                    )
            );
            return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData("9464")]
    [InlineData("https://localhost:9464")]
    [InlineData("http://localhost:9464/metrics")]
    public async Task An_address_of_the_metrics_that_is_none_stops_the_start_with_its_key(string url)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["Metrics:Url"] = url }
        );
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Metrics:Url is '{url}'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_and_the_log_line_about_its_call_have_one_trace_id()
    {
        await using var app = await TestApp.StartAsync();
        var answer = (await app.Api.Get("/api/groups")).Should(401);
        var id = answer["traceId"].GetString()!;
        await Eventually.Is(() => Task.FromResult(app.Log.HasLine("Denied with 401", id)));
    }

    [Fact]
    public async Task What_callers_do_wrong_is_no_error_in_the_log()
    {
        await using var app = await TestApp.StartAsync();
        var person = await app.SignUpAndConfirm();
        using var http = new HttpClient { BaseAddress = app.Url };
        var json = new StringContent("{", Encoding.UTF8, "application/json");
        (HttpMethod Method, string Path, HttpContent? Body)[] calls =
        [
            (HttpMethod.Post, "/api/users/sign-in", json),
            (HttpMethod.Post, "/api/users/sign-in", new StringContent("text")),
            (HttpMethod.Post, "/api/users/sign-in", new ByteArrayContent(new byte[2_000_000])),
            (HttpMethod.Delete, "/api/users/sign-in", null),
            (HttpMethod.Get, "/api/nowhere/%00/%ff", null),
            (HttpMethod.Get, "/api/groups/not-a-guid/members", null),
            (HttpMethod.Post, "/sign-in", new StringContent("no form")),
        ];
        foreach (var (method, path, body) in calls)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            try
            {
                using var answer = await http.SendAsync(request);
                Assert.InRange((int)answer.StatusCode, 400, 499);
            }
            catch (HttpRequestException) // it may hang up on a body that is too large
            { }
        }

        // A browser's cookie of a host before, with other keys.
        using var page = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        page.Headers.Add("Cookie", "practice-forms=AAAA; __Host-practice-forms=AAAA");
        using var shown = await http.SendAsync(page);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);

        // Garbage, then someone who hangs up in the middle of a body.
        await SendsAsync("GARBAGE\r\n\r\n");
        await SendsAsync("POST /api/users/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
        (await person.Api.Get("/api/groups")).Should(200);
        Assert.Empty(app.Log.Errors);

        async Task SendsAsync(string text)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, app.Url.Port);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
            socket.Client.Shutdown(SocketShutdown.Send);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                while (await stream.ReadAsync(new byte[1024], patience.Token) > 0) { }
            }
            catch (IOException) // it hung up in turn
            { }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Kept(ConcurrentBag<Activity> spans) : OpenTelemetry.BaseExporter<Activity>
    {
        public override OpenTelemetry.ExportResult Export(in OpenTelemetry.Batch<Activity> batch)
        {
            foreach (var span in batch)
                spans.Add(span);
            return OpenTelemetry.ExportResult.Success;
        }
    }

    /// <summary>Names of metrics as Prometheus knows them.</summary>
    private static partial class Metrics
    {
        /// <summary>What comes before them, or what Prometheus has by itself.</summary>
        private static readonly string[] NotOurs = ["up"];

        /// <summary>What Prometheus adds, and what stands in the name of a histogram's parts.</summary>
        private static readonly string[] LabelsOfAll = ["job", "instance", "le"];

        /// <param name="Labels">What it selects or groups by.</param>
        public sealed record Expression(HashSet<string> Names, HashSet<string> Labels);

        public static IEnumerable<Expression> ExpressionsIn(params string[] files) =>
            files
                .SelectMany(file => ExpressionText().Matches(File.ReadAllText(Path.Combine(Checkout.Folder, file))))
                .Select(found => Read(Regex.Unescape(found.Groups[1].Value)));

        /// <summary>The metrics of a page, each with the names of its labels.</summary>
        public static Dictionary<string, HashSet<string>> On(string page) =>
            page.Split('\n')
                .Where(line => line is not ("" or ['#', ..]))
                .GroupBy(
                    line => line.Split('{', ' ')[0],
                    line => Label().Matches(line).Select(label => label.Groups[1].Value)
                )
                .ToDictionary(metric => metric.Key, metric => metric.SelectMany(labels => labels).ToHashSet());

        private static Expression Read(string text) =>
            new(
                [.. Name().Matches(Labels().Replace(text, "")).Select(name => name.Value).Except(NotOurs)],
                [
                    .. Labels()
                        .Matches(text)
                        .SelectMany(labels =>
                            labels.Value.StartsWith('{')
                                ? Label().Matches(labels.Value).Select(label => label.Groups[1].Value)
                                : labels.Value.Split('(', ')')[1].Split(',', StringSplitOptions.TrimEntries)
                        )
                        .Except(LabelsOfAll),
                ]
            );

        /// <summary>The expressions of a dashboard (JSON) or of rules (YAML, one line each).</summary>
        [GeneratedRegex("""^\s*"?expr"?: ?"?(.+?)"?,?\r?$""", RegexOptions.Multiline)]
        private static partial Regex ExpressionText();

        /// <summary>Selectors, and what series are grouped by.</summary>
        [GeneratedRegex(@"\{[^}]*\}|\b(?:by|without|on|ignoring) ?\([^)]*\)")]
        private static partial Regex Labels();

        [GeneratedRegex("([A-Za-z_]+)(?:=~?|!=|!~)\"")]
        private static partial Regex Label();

        [GeneratedRegex(@"\b(?!histogram_quantile|max_over_time)[a-z]+_[A-Za-z_]+\b")]
        private static partial Regex Name();
    }
}
