// Calls a second of a page of 20 patients, by the API and by FHIR, in turns. See fhir-speed.sh.
const [host, group, token] = process.argv.slice(2);
const [seconds, callers, rounds] = [3, 4, 5];
const api = `/api/groups/${group}/patients?limit=20`;
const fhir = `/fhir/groups/${group}/Patient?_count=20`;

async function callsASecond(path) {
    const end = Date.now() + seconds * 1000;
    let calls = 0;
    async function call() {
        while (Date.now() < end) {
            const answer = await fetch(host + path, { headers: { Authorization: `Bearer ${token}` } });
            if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
            await answer.arrayBuffer();
            calls++;
        }
    }
    await Promise.all(Array.from({ length: callers }, call));
    return calls / seconds;
}

await callsASecond(fhir);
await callsASecond(api);
const ratios = [];
for (let round = 0; round < rounds; round++) {
    const [ours, theirs] = [await callsASecond(api), await callsASecond(fhir)];
    ratios.push(theirs / ours);
    console.log(`API ${ours.toFixed(0)}/s, FHIR ${theirs.toFixed(0)}/s, ratio ${(theirs / ours).toFixed(2)}`);
}
const median = ratios.sort((a, b) => a - b)[rounds >> 1];
console.log(`median ratio ${median.toFixed(2)}`);
process.exit(median >= 0.5 ? 0 : 1);
