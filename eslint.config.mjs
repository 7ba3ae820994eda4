import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** A wall: files of `folder` may not import what matches `groups`; the message says why. */
const wall = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const noVscode = {
  group: ['vscode'],
  message: 'The core and the command line run without VS Code.',
};
/** What stands behind core.ts. */
const adapters = ['tally', 'warehouse', 'jobs', 'invoice', 'report'].map((folder) => `**/core/${folder}/**`);
const noFaces = {
  group: ['**/extension/**', '**/cli/**', '**/demo/**'],
  message: 'The core knows none of its faces, nor the demo: it is called, it does not call.',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.vscode-test', 'test-results'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess makes some unavoidable
      // Tally's absent values are '': `||` on strings means just that.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      'no-console': 'error',
    },
  },
  { files: ['test/**', 'src/cli/**', '*.mjs', '**/*.mjs'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'require',
          'Buffer',
          'URL',
          'setTimeout',
          'clearTimeout',
          'document',
          'window',
          'fetch',
        ].map((g) => [g, 'readonly']),
      ),
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name='t']:not(:function *)",
          message:
            'A sentence is looked up when it is needed. Outside of a function that is while the module is loaded, before the language is known.',
        },
      ],
    },
  },
  wall(['src/core/*.ts', 'src/core/report/**'], noVscode, noFaces),
  wall(['src/core/base/**'], noVscode, noFaces, {
    group: ['**/tally/**', '**/warehouse/**', '**/jobs/**', '**/invoice/**', '**/report/**'],
    message:
      "The base knows nothing of the product's parts, and loads nothing heavy: the editor's own thread imports it.",
  }),
  wall(['src/core/invoice/**'], noVscode, noFaces, {
    group: ['**/tally/**', '**/warehouse/**', '**/jobs/**', '**/report/**'],
    message: 'What an invoice is depends neither on how Tally is read nor on how rows are written.',
  }),
  wall(['src/core/tally/**'], noVscode, noFaces, {
    group: ['**/warehouse/**', '**/jobs/**', '**/report/**', 'pg', 'pg-*'],
    message: 'The Tally side does not know the warehouse.',
  }),
  wall(['src/core/warehouse/**'], noVscode, noFaces, {
    group: ['**/tally/**', '**/jobs/**', '**/report/**', 'undici', 'undici/**', 'fast-xml-parser'],
    message: 'The warehouse side does not know Tally.',
  }),
  wall(['src/core/jobs/**'], noVscode, noFaces, {
    group: ['**/report/**'],
    message: 'A job says codes and figures (jobs/remark.ts): what it finds must not hang on the words of a language.',
  }),
  wall(['src/cli/**'], noVscode, {
    group: ['**/extension/**', ...adapters],
    message: 'A face calls core.ts; it knows neither the other face nor the adapters.',
  }),
  wall(
    ['src/extension/**'],
    {
      group: ['**/cli/**', ...adapters],
      message: 'A face calls core.ts; it knows neither the other face nor the adapters.',
    },
    {
      regex: String.raw`\.\./(app|extension)\.js$`,
      message:
        'app.ts makes the parts. A part that imports it closes an import circle, and cannot be tested by itself.',
    },
  ),
  wall(['src/demo/**', 'test/support/demo/**'], noVscode, {
    group: [
      '**/core/tally/**',
      '**/core/warehouse/**',
      '**/core/jobs/**',
      '**/core/invoice/**',
      '**/extension/**',
      '**/cli/**',
    ],
    message: 'The demo Tally is a Tally, not a mock of our client: it shares no rule with the code that it tests.',
  }),
);
