import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What the compiler cannot see and a reader should not have to look for. Typed rules first: a promise nobody waits for is a
 * decision that may be lost. The walls between the folders (design.md §2) stand here and in `test/tidy.test.ts`.
 */

/** Locale, zone and "now" of the machine: none of them is the same on the next worker, or in a replay next year. */
const LOCAL_DATE_PARTS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const HOST_TIME = [
  ...LOCAL_DATE_PARTS.flatMap((part) => [`get${part}`, `set${part}`]),
  ...[
    'getTimezoneOffset',
    'toLocaleString',
    'toLocaleDateString',
    'toLocaleTimeString',
    'toDateString',
    'toTimeString',
  ],
].map((property) => ({
  property,
  message: 'A day is a PlainDate (Asia/Shanghai); this one would depend on the machine.',
}));

const NO_ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'Only config.ts reads the environment; everything else is handed its settings.',
};

const NODE = { regex: '^node:', message: 'No I/O here: it would not be the same in a replay.' };
const EFFECTFUL = [
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'console',
  'Intl',
  'crypto',
  'Buffer',
].map((name) => ({
  name,
  message: 'Neither rules nor procedures touch the world: hand the value in, or let an activity do it.',
}));

const forbidImports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const allowOnly = (regex, message) => ({ regex, message });

export default defineConfig(
  { ignores: ['dist/', 'generated/', '.data/', 'coverage/', 'node_modules/'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        // A number in a sentence is no mistake; an object is. A search string is made to be printed.
        { allowNumber: true, allowBoolean: true, allowNever: true, allow: ['URL', 'URLSearchParams'] },
      ],
      // Form data are `Json` to the compiler; their schema has made sure that a field which is read as text is one.
      '@typescript-eslint/no-base-to-string': 'off',
      // The engine's protocol has enums only for the compiler; at run time they are numbers.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // An interface may ask for a promise where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/only-throw-error': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'off',
      'no-restricted-properties': ['error', NO_ENVIRONMENT],
      'prefer-const': 'error',
      'no-control-regex': 'error',
    },
  },
  {
    // The one reader of the environment; and tests, which hand theirs on to the processes they start.
    files: ['config.ts', 'config/running.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      ...forbidImports(
        NODE,
        allowOnly('^(?!\\.|decimal\\.js$|zod$)', 'domain/ knows itself, decimal.js and zod; nothing else.'),
        {
          regex: '^(\\.\\./)+(activities|api|workflows|embedded|engine|prisma|scripts|generated|config)',
          message: 'domain/ is pure: it imports only itself.',
        },
      ),
      'no-restricted-globals': ['error', ...EFFECTFUL],
      'no-restricted-properties': [
        'error',
        NO_ENVIRONMENT,
        ...HOST_TIME,
        { object: 'Date', property: 'now', message: 'The clock is handed in.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The clock is handed in.' },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      ...forbidImports(
        NODE,
        allowOnly(
          '^(?!\\.|@temporalio/workflow$)',
          'A procedure knows domain/, its own folder and @temporalio/workflow.',
        ),
        {
          regex: '^(\\.\\./)+(api|embedded|engine|prisma|scripts|generated|config)',
          message: 'A procedure imports domain/ and activity types only.',
        },
      ),
      'no-restricted-globals': ['error', ...EFFECTFUL],
      'no-restricted-properties': ['error', NO_ENVIRONMENT, ...HOST_TIME],
    },
  },
  {
    // jest's matchers are `any` (`expect.any`, `expect.objectContaining`); what a test asserts is checked by running it.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.js', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  // Loaded by path with `require`, so it cannot be a module.
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly', exports: 'writable' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
