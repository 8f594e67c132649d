import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

// Arrows point one way (docs/architecture.md): workflows know activities by type only; activities use layouts, formats
// and connections; layouts know formats; formats know nothing of HDFS, Kafka or Temporal.
const forbid = (patterns, message) => ({
  'no-restricted-imports': 'off',
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { patterns: patterns.map((regex) => ({ regex, message, allowTypeImports: false })) },
  ],
});

// Of files to which several of these apply, the last counts.
const forbidInWorkflows = (byType, ...more) => ({
  'no-restricted-imports': 'off',
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      patterns: [
        { regex: '^(node:|fs$|path$|crypto$|kafkajs|undici|zod)', message: 'A workflow does no I/O.' },
        { regex: byType, message: 'A workflow knows these by type only.', allowTypeImports: true },
        ...more,
      ],
    },
  ],
});

const LOG_KNOWS_NO_WORKFLOW =
  'activities/log/ is what any workflow knows of a log: it knows steps and connections, but no workflow.';

export default tseslint.config(
  {
    ignores: [
      'vitest.config.ts',
      'dist/**',
      'node_modules/**',
      '.stack/**',
      'test/fixtures/**',
      // AssemblyScript, whose own compiler checks its types.
      'formats/avro/kernel/assembly/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/no-cycle': 'error',
      'import-x/no-extraneous-dependencies': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
  },
  {
    files: ['{activities,bench,cli,connections,formats,layouts,scripts,workers,workflows}/**/*.ts'],
    rules: { 'max-lines': ['error', 300] },
  },
  {
    // Tables of functions, typed as a whole.
    files: ['test/faults/**/kinds/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['formats/**/*.ts'],
    rules: forbid(
      ['layouts/', 'connections/', 'activities/', 'workflows/', 'workers/', '^kafkajs', '^@temporalio', '^undici'],
      'formats/ stands by itself: functions and streams on bytes.',
    ),
  },
  {
    files: ['layouts/**/*.ts'],
    rules: forbid(
      ['connections/', 'activities/', 'workflows/', 'workers/', '^kafkajs', '^@temporalio', '^undici'],
      'layouts/ know what an archive looks like, and formats; not where it is, nor who reads it.',
    ),
  },
  {
    files: ['layouts/*.ts'],
    ignores: ['layouts/registered.ts'],
    rules: forbid(
      ['connections/', 'activities/', 'workflows/', 'workers/', '^kafkajs', '^@temporalio', '^undici', '^\\./[^/]+/'],
      'The port knows no layout; registered.ts lists them.',
    ),
  },
  {
    files: ['{activities,workers,bench,scripts}/**/*.ts'],
    rules: forbid(['layouts/([^/]+/|registered)'], 'Archives are read through layouts/archive-layout.ts alone.'),
  },
  {
    files: ['connections/**/*.ts'],
    rules: forbid(
      ['layouts/', 'activities/', 'workflows/', 'workers/', '^@temporalio'],
      'connections/ know the outside servers, not who uses them.',
    ),
  },
  {
    files: ['cli/**/*.ts'],
    rules: forbid(
      [
        'connections/',
        'formats/(?!text/byte-order-mark)',
        'layouts/',
        '^kafkajs',
        '^undici',
        '^@temporalio/(worker|activity)',
      ],
      "The command talks to Temporal alone; servers are the workers' business.",
    ),
  },
  {
    files: ['activities/step/**/*.ts'],
    rules: forbid(
      ['^\\.\\./(?!\\.\\./)', 'activities/', 'workflows/', 'workers/'],
      'activities/step/ is what any step stands on: it knows connections and formats, but no workflow.',
    ),
  },
  {
    files: ['activities/log/*.ts'],
    rules: forbid(['^\\.\\./(?!\\.\\./|step/)', 'workflows/', 'workers/'], LOG_KNOWS_NO_WORKFLOW),
  },
  {
    files: ['activities/log/*/**/*.ts'],
    rules: forbid(['^\\.\\./\\.\\./(?!\\.\\./|step/)', 'workflows/', 'workers/'], LOG_KNOWS_NO_WORKFLOW),
  },
  {
    files: ['workflows/**/*.ts'],
    rules: forbidInWorkflows('(activities|connections|formats|layouts|workers)/'),
  },
  {
    files: ['workflows/run/**/*.ts'],
    rules: forbidInWorkflows('activities/step/', {
      regex: '^\\.\\./(?!\\.\\./)|activities/(?!step/)|(connections|formats|layouts|workers)/',
      message: 'workflows/run/ is the frame of any workflow: it knows none of them.',
    }),
  },
);
