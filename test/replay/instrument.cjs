// A loader of the bundler, before the types are taken out: counts which branches of a procedure are walked.
const { createInstrumenter } = require('istanbul-lib-instrument');

module.exports = function instrument(source) {
  const instrumenter = createInstrumenter({ esModules: true, parserPlugins: ['typescript'] });
  instrumenter.instrument(source, this.resourcePath, this.async());
};
