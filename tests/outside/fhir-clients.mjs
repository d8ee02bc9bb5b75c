import { createRequire } from 'node:module';
import { Client } from 'fhir-kit-client';

globalThis.WebSocket ??= class {}; // it looks for one when it is loaded, and Node 20 has none
const { MedplumClient } = await import('@medplum/core');
const smart = createRequire(import.meta.url)('fhirclient');
const [host, group, token] = process.argv.slice(2);
const path = `fhir/groups/${group}`;
const base = `${host.replace(/\/$/, '')}/${path}`;

// Each client: its statement of the server, a read, one page, and all pages of a search.
const clients = {
    'fhir-kit-client 2.0.3': () => {
        const client = new Client({ baseUrl: base, bearerToken: token });
        return {
            statement: () => client.capabilityStatement(),
            read: (resourceType, id) => client.read({ resourceType, id }),
            async pages(resourceType, searchParams) {
                const found = [];
                let page = await client.search({ resourceType, searchParams });
                for (; page; page = await client.nextPage({ bundle: page })) {
                    found.push((page.entry ?? []).map((entry) => entry.resource));
                    if (!page.link.some((link) => link.relation === 'next')) break;
                }
                return found;
            },
            status: (error) => error.response?.status,
        };
    },
    'fhirclient 2.6.3': () => {
        const kept = {};
        const storage = {
            get: async (key) => kept[key],
            set: async (key, value) => (kept[key] = value),
            unset: async (key) => delete kept[key],
        };
        const client = smart({ headers: {}, url: '/' }, {}, storage).client({
            serverUrl: base,
            tokenResponse: { access_token: token },
        });
        return {
            statement: () => client.request('metadata'),
            read: (type, id) => client.request(`${type}/${id}`),
            async pages(type, query) {
                const found = [];
                await client.request(`${type}?${new URLSearchParams(query)}`, {
                    pageLimit: 0,
                    onPage: (page) => void found.push((page.entry ?? []).map((entry) => entry.resource)),
                });
                return found;
            },
            status: (error) => error.statusCode ?? error.status,
        };
    },
    '@medplum/core 5.2.13': () => {
        const client = new MedplumClient({ baseUrl: host, fhirUrlPath: path, fetch, cacheTime: 0 });
        client.setAccessToken(token);
        return {
            statement: () => client.get(client.fhirUrl('metadata')),
            read: (type, id) => client.readResource(type, id),
            async pages(type, query) {
                const found = [];
                for await (const page of client.searchResourcePages(type, query)) found.push([...page]);
                return found;
            },
            status: (error) => ({ 'not-found': 404 })[error.outcome?.issue?.[0]?.code],
        };
    },
};

let failed = 0;
async function check(name, act) {
    try {
        console.log(`ok    ${name}: ${await act()}`);
    } catch (error) {
        failed++;
        console.log(`FAIL  ${name}: ${error.message}`);
    }
}

function demand(holds, sentence) {
    if (!holds) throw new Error(sentence);
}

for (const [name, make] of Object.entries(clients)) {
    const client = make();
    let types = [];
    await check(`${name}, capability statement`, async () => {
        const statement = await client.statement();
        demand(statement.fhirVersion === '4.0.1', `fhirVersion ${statement.fhirVersion}`);
        types = statement.rest[0].resource;
        return `${types.length} types`;
    });
    await check(`${name}, all pages`, async () => {
        const pages = await client.pages('Patient', { _count: '7' });
        const ids = pages.flat().map((patient) => patient.id);
        demand(pages.length > 1, 'one page only');
        demand(new Set(ids).size === ids.length, 'a patient twice');
        const all = (await client.pages('Patient', { _count: '200' })).flat();
        demand(all.length === ids.length, `${ids.length} of ${all.length} patients`);
        return `${ids.length} patients on ${pages.length} pages`;
    });
    await check(`${name}, search and read of every type`, async () => {
        const patients = (await client.pages('Patient', { _count: '200' })).flat();
        let count = 0;
        for (const type of types) {
            const needsPatient = type.searchParam.some((one) => one.name === 'patient' && /Required/.test(one.documentation));
            let found = [];
            for (const patient of needsPatient ? patients : [null]) {
                const query = patient ? { patient: patient.id } : { _count: '5' };
                // Of long lists, a page.
                found = patient ? (await client.pages(type.type, query)).flat() : [(await firstPage(client, type.type))[0]];
                if (found.length > 0) break;
            }
            demand(found.length > 0, `no ${type.type}`);
            const read = await client.read(type.type, found[0].id);
            demand(read.resourceType === type.type && read.id === found[0].id, `another ${type.type} than was asked for`);
            count++;
        }
        return `${count} types`;
    });
    await check(`${name}, an id that there is not`, async () => {
        try {
            await client.read('Patient', '00000000-0000-4000-8000-000000000000');
        } catch (error) {
            demand(client.status(error) === 404, `${client.status(error)} ${error.message}`);
            return '404';
        }
        throw new Error('was found');
    });
}

async function firstPage(client, type) {
    const newest = await client.pages(type, type === 'AuditEvent' ? { _count: '200', date: `ge${today()}` } : { _count: '200' });
    return newest[0];
}

function today() {
    return new Date().toISOString().slice(0, 10);
}

process.exit(failed > 0 ? 1 : 0);
