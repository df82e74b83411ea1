/** The arrows between folders (docs/architecture.md). Each rule says why it exists; there are no exemptions. */
const only = (name, comment, from, allowed) => ({
  name, comment, severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'A cycle means two files are one idea.', severity: 'error', from: { pathNot: 'node_modules' }, to: { circular: true } },
    only('domain-is-pure', 'The rules run on peers, servers and in browsers: no packages, no Node.', '^domain/', '^domain/'),
    only('chaincode-arrows', 'Contracts see the rules and the contract API, nothing else.', '^chaincode/',
      '^(domain|chaincode)/|^node_modules/fabric-contract-api'),
    only('embedded-arrows', 'The embedded ledger hosts the contracts; it knows no gateway and no verifier.', '^network/embedded/',
      '^(domain|chaincode|network/(embedded|enrolment))/|^node_modules/|^(node:)?[a-z_/]+$'),
    only('enrolment-arrows', 'Both ledgers enrol their members with the same code, which knows neither.', '^network/enrolment/',
      '^(domain|network/enrolment)/|^node_modules/|^(node:)?[a-z_/]+$'),
    { name: 'gateway-knows-programs-only-by-http', comment: 'Between programs: HTTP or an injected port.', severity: 'error',
      from: { path: '^gateway/' }, to: { path: '^(issuer|verifier|chaincode|tests|bench)/' } },
    { name: 'gateway-opens-the-ledger-in-one-file', comment: 'Only one file may know that the ledger can live in this process.', severity: 'error',
      from: { path: '^gateway/', pathNot: '^gateway/ledger/open-embedded\\.ts$' }, to: { path: '^network/' } },
    only('verifier-core-is-portable', 'The trust decision runs in browsers and offline: no Node, no packages.', '^verifier/core/', '^(domain|verifier/core)/'),
    only('verifier-page-arrows', 'The page holds the shared decision and nothing of the server.', '^verifier/page/', '^(domain|verifier/core|verifier/page)/'),
    { name: 'verifier-has-no-writer', comment: 'The public site has no key and no Fabric identity.', severity: 'error',
      from: { path: '^verifier/' }, to: { path: '^(gateway|issuer|chaincode|network|tests|bench)/|fabric|@grpc' } },
    { name: 'issuer-arrows', comment: 'The issuer talks to the gateway by HTTP.', severity: 'error',
      from: { path: '^issuer/' }, to: { path: '^(gateway|verifier|chaincode|network|tests|bench)/' } },
    { name: 'veramo-in-one-file', comment: 'What Veramo does can be read in one place; it makes no decision (docs/decisions/0006).', severity: 'error',
      from: { path: '^(issuer|main\\.ts)', pathNot: '^issuer/veramo-agent\\.ts$' }, to: { path: '^node_modules/@veramo/' } },
    { name: 'did-jwt-vc-in-one-file', comment: 'Its types do not hold under this compiler: one file types what is used of it.', severity: 'error',
      from: { path: '^(issuer|main\\.ts)', pathNot: '^issuer/credentials/jwt-encoder\\.ts$' }, to: { path: '^node_modules/did-(jwt|jwt-vc|resolver)/' } },
    { name: 'veramo-for-the-issuer-alone', comment: 'Nobody else signs, and nobody verifies with it.', severity: 'error',
      from: { path: '^(domain|chaincode|network|gateway|verifier)/' }, to: { path: '^node_modules/(@veramo|did-jwt|did-jwt-vc|did-resolver)/' } },
    { name: 'nothing-imports-tests', comment: 'Production code never needs a test.', severity: 'error',
      from: { pathNot: '^(tests|bench)/' }, to: { path: '^tests/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
