import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { openStore } from './store.js';

/**
 * A case as DBOS has it: a workflow that waits for a message, writes the decision in a step and sets the answer as an event.
 * Usage: `dbos.js --url <database> --port <port>`; POST `/file` and `/decide`.
 */
const { values } = parseArgs({ options: { url: { type: 'string' }, port: { type: 'string' } } });
const store = await openStore(values.url, 'dbos_floor');

const procedure = DBOS.registerWorkflow(
  async (caseId, decisions) => {
    let version = 0;
    while (version < decisions) {
      const decision = await DBOS.recv('decide', { timeoutSeconds: 86_400 });
      if (decision?.nth !== version) continue;
      await DBOS.runStep(() => store.write(caseId, version + 1, decision), { name: 'write' });
      version += 1;
      await DBOS.setEvent(`decided-${decision.nth}`, { version });
    }
  },
  { name: 'CASE' },
);

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: values.url, logLevel: 'error' });
await DBOS.launch();

const HANDLERS = {
  '/file': async ({ caseId, decisions }) => {
    await store.file(caseId);
    await DBOS.startWorkflow(procedure, { workflowID: caseId })(caseId, decisions);
    return {};
  },
  '/decide': async ({ caseId, ...decision }) => {
    await DBOS.send(caseId, decision, 'decide', decision.key);
    return DBOS.getEvent(caseId, `decided-${decision.nth}`, { timeoutSeconds: 60 });
  },
};

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const handler = HANDLERS[request.url];
    const answer = handler ? await handler(JSON.parse(Buffer.concat(chunks).toString())) : {};
    response.end(JSON.stringify(answer));
  } catch (problem) {
    console.error(problem);
    response.writeHead(500).end(String(problem));
  }
}).listen(Number(values.port), '127.0.0.1');
