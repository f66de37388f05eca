'use strict';
/**
 * `node --require ./engine/lean-threads.cjs dist/worker.js`: the thread the procedures run in keeps no stack trace of every
 * promise. The SDK does that to answer one debugging query (`__stack_trace`) and takes a third of the thread's time for it; it
 * goes without where Node has no such hooks, and here it is told so. Left out, everything works the same, slower, and the query
 * is answered. Node's own use of the hooks is not touched.
 */
const v8 = require('node:v8');
v8.promiseHooks = {
  ...v8.promiseHooks,
  createHook() {
    throw new Error('stack traces of promises are not kept on this worker');
  },
};
