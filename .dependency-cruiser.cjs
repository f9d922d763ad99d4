// Who may import whom (ARCHITECTURE.md, "Imports flow one way"). Checked by `npm run check`.
const to = (...paths) => ({ path: paths })
const rule = (name, comment, from, target) => ({ name, comment, severity: 'error', from, to: target })

module.exports = {
  forbidden: [
    rule('no-cycles', 'A cycle is two files that are one.', {}, { circular: true, viaOnly: { pathNot: 'src/abi' } }),
    rule('protocol-is-a-leaf', 'protocol knows nothing of the other parts.', { path: '^libs/protocol/src' }, to('^libs/(sealing|sdk)/', '^apps/')),
    rule('sealing-is-a-leaf', 'sealing knows only bytes.', { path: '^libs/sealing/src' }, to('^libs/(protocol|sdk)/', '^apps/')),
    rule('sealing-has-few-dependencies', 'The part that seals depends on noble and age alone.',
      { path: '^libs/sealing/src', pathNot: '\\.test\\.ts$' },
      { dependencyTypes: ['npm'], pathNot: ['node_modules/@noble/', 'node_modules/age-encryption/', 'node_modules/@scure/base'] }),
    rule('sdk-stands-on-libs', 'The SDK never reaches into a program.', { path: '^libs/sdk/src' }, to('^apps/')),
    rule('operation-knows-no-program', 'What every program does alike knows of none of them.', { path: '^libs/operation/src' }, to('^libs/(sealing|sdk)/', '^apps/')),
    rule('operation-stays-on-servers', 'People\'s pages and the SDK carry no logs or metrics.', { path: '^(libs/(protocol|sealing|sdk)|apps/web)/src' }, to('^libs/operation/')),
    rule('programs-are-apart', 'Programs meet over HTTP, not by import.', { path: '^apps/([^/]+)/src' }, { path: '^apps/([^/]+)/src', pathNot: '^apps/$1/src' }),
    rule('api-cannot-open', 'The server has no code that could open a file: only the header check.',
      { path: '^apps/api/src' }, { path: '^libs/sealing/src', reachable: true, pathNot: API_MAY_REACH() }),
    rule('api-has-no-cipher', 'Nothing that the API imports leads to a cipher.',
      { path: '^apps/api/src' }, { path: 'node_modules/(@noble/ciphers|age-encryption)/', reachable: true }),
    rule('only-repositories-query', 'Only repositories (and the database folder) use the database client.',
      { path: '^apps/api/src', pathNot: ['\\.repository\\.ts$', '^apps/api/src/database/', '\\.test\\.ts$'] }, { path: 'database/generated' }),
    rule('web-and-cli-use-the-sdk', 'People\'s programs never touch the database.', { path: '^apps/(web|cli)/src' }, { path: 'node_modules/(pg|@prisma)/' }),
    rule('custodian-without-nest', 'The part that holds secrets has the fewest dependencies.', { path: '^apps/custodian/src' }, { path: 'node_modules/(@nestjs|rxjs|@prisma)/' }),
    rule('no-tests-in-products', 'Products do not import tests.', { pathNot: ['\\.test\\.ts$', '/testing/', '/browser/', '^test/'] }, { path: ['\\.test\\.ts$', '/testing/', '^test/'] }),
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['/dist/', '\\.d\\.ts$'] },
    tsPreCompilationDeps: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'] },
    extraExtensionsToScan: [],
  },
}

/** The files of sealing that the public check of a header needs, and nothing else. */
function API_MAY_REACH() {
  return ['^libs/sealing/src/(header|errors|bytes|encoding|check)[^/]*\\.ts$', '^libs/sealing/src/committee/(label|stanza|group|verify|constants|scalar|hash|sharing|interpolation)[^/]*\\.ts$', '^libs/sealing/src/entry']
}
