import { z } from 'zod';

/**
 * Where the real Postgres and the real engine of this test run are. Set by `global-setup.ts`, or by hand to keep one pair running
 * over many runs.
 */
const schema = z.object({
  JINGBAN_TEST_POSTGRES: z.url({ protocol: /^postgres(ql)?$/ }),
  JINGBAN_TEST_TEMPORAL: z.string().regex(/^[^:]+:\d+$/),
  JINGBAN_TEST_NAMESPACE: z.string().min(1).default('jingban'),
});

export type TestEnvironment = { postgresUrl: string; temporalAddress: string; namespace: string };

/** Undefined when nothing was named; throws when only a part was, because the rest would silently be another system. */
export const findTestEnvironment = (): TestEnvironment | undefined => {
  const { JINGBAN_TEST_POSTGRES, JINGBAN_TEST_TEMPORAL } = process.env;
  if (JINGBAN_TEST_POSTGRES === undefined && JINGBAN_TEST_TEMPORAL === undefined) return undefined;
  const parsed = schema.parse(process.env);
  return {
    postgresUrl: parsed.JINGBAN_TEST_POSTGRES,
    temporalAddress: parsed.JINGBAN_TEST_TEMPORAL,
    namespace: parsed.JINGBAN_TEST_NAMESPACE,
  };
};

/** Tests run below `global-setup.ts`, so this is always there for them. */
export const getTestEnvironment = (): TestEnvironment => {
  const found = findTestEnvironment();
  if (found === undefined) throw new Error('no test environment: run the tests with npm test');
  return found;
};

export const setTestEnvironment = ({ postgresUrl, temporalAddress, namespace }: TestEnvironment): void => {
  process.env['JINGBAN_TEST_POSTGRES'] = postgresUrl;
  process.env['JINGBAN_TEST_TEMPORAL'] = temporalAddress;
  process.env['JINGBAN_TEST_NAMESPACE'] = namespace;
};

/** From here on there is none: whoever asks for stores gets new ones. */
export const forgetTestEnvironment = (): void => {
  for (const name of ['JINGBAN_TEST_POSTGRES', 'JINGBAN_TEST_TEMPORAL', 'JINGBAN_TEST_NAMESPACE'])
    delete process.env[name];
};
