// Calls as a TypeScript program makes them: if the document said the wrong thing about null or about what may be left
// out, this would not compile.
import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

const api = createClient<paths>({ baseUrl: 'http://localhost:5000' });
const groupId = '00000000-0000-0000-0000-000000000000';

const { data: session } = await api.POST('/api/users/sign-in', { body: { email: 'a@b.example', password: 'four words' } });
const headers = { Authorization: `Bearer ${session?.accessToken}` };

const { data: members, error } = await api.GET('/api/groups/{groupId}/members', {
    params: { path: { groupId }, query: { status: 'active', limit: 20 } },
    headers,
});
const names: string[] = (members?.items ?? []).map(member => `${member.title ?? ''} ${member.firstName}`);
const code: string | undefined = error?.code;

// @ts-expect-error a filter takes its values only
await api.GET('/api/groups/{groupId}/members', { params: { path: { groupId }, query: { status: 'retired' } }, headers });
// @ts-expect-error a location needs a time zone
await api.POST('/api/groups/{groupId}/locations', { params: { path: { groupId } }, body: { name: 'Hill' }, headers });

// What was read can be sent back.
const read = await api.GET('/api/groups/{groupId}/locations/{locationId}', {
    params: { path: { groupId, locationId: groupId } },
    headers,
});
if (read.data) {
    const { name, address, phone, timeZone, colour, hours } = read.data;
    const change: components['schemas']['LocationInput'] = { name, address, phone, timeZone, colour, hours };
    await api.PUT('/api/groups/{groupId}/locations/{locationId}', {
        params: { path: { groupId, locationId: groupId }, header: { 'If-Match': read.response.headers.get('ETag') ?? '' } },
        body: change,
        headers,
    });
}

console.log(names, code);
