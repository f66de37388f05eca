'use strict';
const { DefaultFailureConverter } = require('@temporalio/common');

// What went wrong may quote the row it went wrong with, so message and stack trace travel in a payload, which the codec seals.
// A file of its own and CommonJS, because the engine's library loads it by path: here, and into the procedures' bundle.
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
