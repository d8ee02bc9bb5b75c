// The receiver and the caller of traces.sh.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const [mode, ...rest] = process.argv.slice(2);
await (mode === 'receive' ? receive : invite)(...rest);

/** A collector: FOLDER/spans.jsonl has a line for each span, FOLDER/metrics the names of metrics. */
async function receive(port, folder) {
    const require = createRequire(import.meta.url);
    const grpc = require('@grpc/grpc-js');
    const { opentelemetry } = require('@opentelemetry/otlp-grpc-exporter-base/build/src/generated/root.js');
    const { trace, metrics } = opentelemetry.proto.collector;
    fs.mkdirSync(folder, { recursive: true });
    const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
    const unary = (path, request, response) => ({
        Export: {
            path,
            requestStream: false,
            responseStream: false,
            requestDeserialize: (bytes) => request.toObject(request.decode(bytes), { longs: String, defaults: true }),
            responseSerialize: (answer) => Buffer.from(response.encode(answer).finish()),
        },
    });
    const { ExportTraceServiceRequest, ExportTraceServiceResponse } = trace.v1;
    server.addService(
        unary('/opentelemetry.proto.collector.trace.v1.TraceService/Export', ExportTraceServiceRequest, ExportTraceServiceResponse),
        {
            Export: ({ request }, done) => {
                const lines = request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
                    scopeSpans.flatMap(({ scope, spans }) =>
                        spans.map((span) => JSON.stringify({ ...readable(span), source: scope.name, service: named(resource).get('service.name') }))));
                fs.appendFileSync(path.join(folder, 'spans.jsonl'), lines.map((line) => line + '\n').join(''));
                done(null, {});
            },
        });
    const { ExportMetricsServiceRequest, ExportMetricsServiceResponse } = metrics.v1;
    const names = new Set();
    server.addService(
        unary('/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', ExportMetricsServiceRequest, ExportMetricsServiceResponse),
        {
            Export: ({ request }, done) => {
                for (const { scopeMetrics } of request.resourceMetrics)
                    for (const { metrics } of scopeMetrics) for (const { name } of metrics) names.add(name);
                fs.writeFileSync(path.join(folder, 'metrics'), [...names].sort().join('\n'));
                done(null, {});
            },
        });
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => {
        if (error) throw error;
    });
}

function named({ attributes }) {
    return new Map(attributes.map(({ key, value }) => [key, value.stringValue || value.intValue || value.boolValue]));
}

function readable(span) {
    const hex = (bytes) => Buffer.from(bytes).toString('hex');
    return {
        trace: hex(span.traceId), id: hex(span.spanId), parent: hex(span.parentSpanId), name: span.name,
        from: Number(BigInt(span.startTimeUnixNano) / 1000n), to: Number(BigInt(span.endTimeUnixNano) / 1000n),
        tags: Object.fromEntries(named(span)),
    };
}

async function invite(host, group, owner, mail, received) {
    const call = async (route, body, token) => {
        const answer = await fetch(host + route, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
            body: JSON.stringify(body),
        });
        if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    };
    const email = 'ines.vale@example.com';
    await call('/api/users/sign-up', { firstName: 'Ines', lastName: 'Vale', email, password: 'ines keeps her own one' });
    const token = await eventually('the email with a link', () => mails(mail)
        .filter((text) => text.includes(email))
        .map((text) => /[?&]token=([^\s&"<>]+)/.exec(text.replace(/=\r?\n/g, '').replace(/=3D/g, '='))?.[1]).find(Boolean));
    await call('/api/users/confirm-email', { token: decodeURIComponent(token) });
    await call(`/api/groups/${group}/members`, {
        firstName: 'Ines', lastName: 'Vale', roleType: 'administrator', profession: 'receptionist', email, confirmEmail: email,
        accessLevel: 'reception', locationIds: [],
    }, owner);

    // The trace with the email of the invitation, once it is whole.
    const spans = await eventually('the trace from the call to the email', () => {
        const file = path.join(received, 'spans.jsonl');
        const all = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
        const sent = all.find(({ name, tags }) => name === 'send email' && tags['practice.email.kind'] === 'Invitation');
        const those = all.filter((span) => span.trace === sent?.trace);
        return those.some(({ parent }) => !parent) && those;
    });
    const ids = new Set(spans.map(({ id }) => id));
    print(spans, spans.filter(({ parent }) => !ids.has(parent)), Math.min(...spans.map(({ from }) => from)), '');

    const metrics = await eventually('metrics', () => {
        const file = path.join(received, 'metrics');
        const names = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : [];
        return names.includes('practice.messages.lag') && names;
    });
    console.log(`\n${spans.length} spans in one trace of the service ${spans[0].service}; ${metrics.length} metrics, ${
        metrics.filter((name) => name.startsWith('practice.')).length} of them the product's own.`);
    const missing = ['Microsoft.AspNetCore', 'Npgsql', 'Wolverine', 'Practice'].filter((source) => !spans.some((span) => span.source === source));
    const roots = spans.filter(({ parent }) => !ids.has(parent));
    if (missing.length || roots.length !== 1) throw new Error(`missing: ${missing}; ${roots.length} spans without one above`);
}

function print(spans, those, began, indent) {
    for (const span of those.sort((a, b) => a.from - b.from)) {
        const ms = (microseconds) => (microseconds / 1000).toFixed(1).padStart(7);
        const statement = (span.tags['db.query.text'] ?? span.tags['db.statement'] ?? '').replace(/\s+/g, ' ').slice(0, 60);
        console.log(`${ms(span.from - began)} ${ms(span.to - span.from)} ms  ${indent}${statement || span.name}  [${span.source}]`);
        print(spans, spans.filter(({ parent }) => parent === span.id), began, indent + '  ');
    }
}

function mails(folder) {
    return (fs.existsSync(folder) ? fs.readdirSync(folder) : []).filter((file) => file.endsWith('.eml'))
        .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
}

async function eventually(what, find) {
    for (let tries = 0; tries < 300; tries++) {
        const found = find();
        if (found) return found;
        await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`Not in a minute: ${what}`);
}
