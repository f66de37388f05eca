import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CODE, ROOT, importsOf } from '../tidy/sources.ts';

/** What makes a worker cheap beside the plain SDK (docs/operations/speed.md) is easily lost without anything failing. */

it('rules that procedures import are loaded once for all cases, not once for each', () => {
  const bundle = readFileSync(join(ROOT, 'dist/workflow-bundle.js'), 'utf8');
  const preloaded = /exports\.preloadModules = function[^]*?\n}/.exec(bundle)?.[0] ?? '';
  const rules = CODE.filter((path) => path.startsWith('workflows/'))
    .flatMap((path) => importsOf(path))
    .filter(({ target, typeOnly }) => target.startsWith('domain/') && !typeOnly)
    .map(({ target }) => target);
  expect(rules.length).toBeGreaterThan(5);
  expect(rules.filter((path) => !preloaded.includes(`./${path}`))).toEqual([]);
});

it('the thread of the procedures keeps no stack trace of every promise, and Node keeps its own hooks', async () => {
  const thread = `
    const { AsyncLocalStorage } = require('node:async_hooks');
    const storage = new AsyncLocalStorage();
    let hooks = 'hooks on';
    try { require('node:v8').promiseHooks.createHook({ init() {} }); } catch { hooks = 'hooks off'; }
    storage.run('kept', async () => { await null; console.log(hooks, storage.getStore()); });`;
  const program = `new (require('node:worker_threads').Worker)(${JSON.stringify(thread)}, { eval: true })`;
  const args = ['--require', join(ROOT, 'engine/lean-threads.cjs'), '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout.trim()).toBe('hooks off kept');
});
