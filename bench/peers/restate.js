import { parseArgs } from 'node:util';
import * as restate from '@restatedev/restate-sdk';
import { openStore } from './store.js';

/**
 * A case as Restate has it: an object under the case's id whose calls follow each other; the decision is written in a step of the
 * journal. Usage: `restate.js --url <database> --port <port>`; the Restate server calls it.
 */
// Its library expects Node 22; of what Node 20 lacks it needs only this.
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const { values } = parseArgs({ options: { url: { type: 'string' }, port: { type: 'string' } } });
const store = await openStore(values.url, 'restate_floor');

const caseFile = restate.object({
  name: 'case',
  handlers: {
    file: async (ctx) => {
      await ctx.run('file', async () => void (await store.file(ctx.key)));
      ctx.set('version', 0);
      return {};
    },
    decide: async (ctx, decision) => {
      const version = await ctx.get('version');
      if (version !== decision.nth) throw new restate.TerminalError('STAGE_PASSED');
      await ctx.run('write', () => store.write(ctx.key, version + 1, decision));
      ctx.set('version', version + 1);
      return { version: version + 1 };
    },
  },
});

await restate.serve({ services: [caseFile], port: Number(values.port) });
