// The only JavaScript test runner. Libraries and pure modules are imported from source; programs are built and driven
// from outside.
const common = {
  rootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '/contracts/out/'],
}

export default {
  projects: [
    {
      ...common,
      displayName: 'units',
      testMatch: ['<rootDir>/{libs,apps}/**/*.test.ts', '<rootDir>/test/house/*.test.ts'],
    },
    {
      ...common,
      displayName: 'specs',
      testEnvironment: '<rootDir>/test/support/time-left.mjs',
      testMatch: ['<rootDir>/test/{specs,services}/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  testTimeout: 120_000,
}
