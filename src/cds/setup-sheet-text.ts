// A setup sheet as Markdown for people. Must not know where its facts come from.
import type { ServiceRows, SetupClient, SetupSheet, TokenFacts } from './setup-sheet.js';

/** One line that can neither leave its cell nor steer a terminal. */
const cell = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|');
const code = (text: string): string => `\`${cell(text).replaceAll('`', "'")}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
  '',
];

const serviceLines = ({ id, hook, title, url, feedbackUrl, prefetch }: ServiceRows): string[] => [
  `### ${id}`,
  '',
  `${title === undefined ? '' : `${cell(title)}. `}Hook ${code(hook)}, CDS Hooks 2.0.1, FHIR R4.`,
  '',
  `- call: ${code(`POST ${url}`)}`,
  `- feedback: ${code(`POST ${feedbackUrl}`)}`,
  '',
  ...table(
    ['prefetch key', 'template', 'needed', 'without it'],
    prefetch.map((row) => [
      code(row.key),
      code(row.template),
      row.required ? 'required' : 'optional',
      cell(row.without),
    ]),
  ),
];

const keyLine = ({ jwksUrl, keyIds }: TokenFacts): string => {
  if (keyIds)
    return `registered by value (${codes(keyIds)}), nothing is fetched${jwksUrl ? `; a \`jku\`, if sent, must be ${code(jwksUrl)}` : '; no `jku` may be sent'}`;
  return `fetched from ${code(jwksUrl ?? '')}; a \`jku\`, if sent, must be exactly that`;
};

const tokenLines = (token: TokenFacts | undefined, sheet: SetupSheet): string[] => {
  if (!token) return ['Demo mode: no token is asked for; this machine only. Not for a site.', ''];
  const { tenant, subjects, algorithms, audiences, certificates } = token;
  const { longestLifetimeS, clockSkewS } = token;
  const forms = [
    ...(sheet.discovery.needsToken ? [['discovery', [sheet.discovery.url]] as const] : []),
    ...sheet.services.flatMap(
      ({ id, url, audiences: both }) =>
        [
          [`call of ${id}`, [url]],
          [`feedback of ${id}`, both],
        ] as const,
    ),
  ];
  return [
    'Header `Authorization: Bearer` with a signed JWT on every call, a new one each time.',
    '',
    ...table(
      ['part', 'value'],
      [
        ['`alg`', codes(algorithms)],
        ['`typ`, `kid`', '`JWT`; the id of the signing key'],
        ['keys', keyLine(token)],
        ['`iss`', code(token.issuer)],
        ['`tenant`', tenant === undefined ? 'must not be sent' : code(tenant)],
        ['`sub`', subjects ? `one of ${codes(subjects)}` : 'not checked'],
        ...forms.map(([name, urls]) => [`\`aud\`, ${name}`, urls.map(code).join(' or ')]),
        ...(audiences.length > 0 ? [['`aud`, also accepted', codes(audiences)]] : []),
        [
          '`iat`, `exp`',
          `required; at most ${longestLifetimeS / 60} minutes apart, clocks may differ by ${clockSkewS} s`,
        ],
        ['`jti`', 'required; good for one call'],
        ...(certificates ? [['TLS certificate, SHA-256', `one of ${codes(certificates)}`]] : []),
      ],
    ),
  ];
};

const basesLine = ({ token, fhirServers }: SetupClient): string => {
  if (!token) return 'Demo mode: `fhirServer` may name servers on this machine only.';
  return fhirServers.length === 0
    ? 'No FHIR base is registered for this client: everything must be prefetched.'
    : `Registered bases, the only ones \`fhirServer\` may name: ${codes(fhirServers)}.`;
};

const accessLines = ({ client, scopes }: SetupSheet): string[] => [
  basesLine(client),
  ...(client.fhirClientId === undefined
    ? []
    : [`\`fhirAuthorization.subject\` must be ${code(client.fhirClientId)}.`]),
  'Scopes are not parsed; what is not granted is missing data, said on the card.',
  '',
  ...table(
    ['resource type', 'SMART 1', 'SMART 2'],
    scopes.map(({ type, v1, v2 }) => [type, code(v1), code(v2)]),
  ),
];

const feedbackLines = ({ limits }: SetupClient): string[] => [
  '- Body `{"feedback": [...]}`, up to 100 items, of any cards and hookInstances.',
  '- Item: `card`, `outcome` (`accepted` with `acceptedSuggestions[].id`, or `overridden`), `outcomeTimestamp` (RFC 3339).',
  '- Reason: `overrideReason` `{"reason": {"code", "system"}, "userComment"}`; `overrideReasons`, also in a list, and a code alone are taken too.',
  `- 200 only when durable; the same item again changes nothing. Per minute: ${limits.feedbackPerMinute} items, then 429.`,
  '',
];

/** The sheet as GitHub-flavoured Markdown. */
export const setupSheetMarkdown = (sheet: SetupSheet): string => {
  const { client, discovery, knowledge } = sheet;
  return [
    `# pain-cds, setup sheet for ${cell(client.name ?? client.id)}`,
    '',
    `Client ${code(client.id)}, base URL ${code(sheet.baseUrl)}, knowledge ${cell(knowledge.version)}. The knowledge is ${cell(knowledge.review)}.`,
    ...(sheet.needsClientCertificate ? ['TLS: a client certificate is required.'] : []),
    '',
    '## Services',
    '',
    `Discovery: ${code(`GET ${discovery.url}`)}${discovery.needsToken ? ', with a token' : ', open'}. EHRs that do not read it take the tables below.`,
    '',
    ...sheet.services.flatMap(serviceLines),
    '## Token',
    '',
    ...tokenLines(client.token, sheet),
    '## FHIR access',
    '',
    ...accessLines(sheet),
    '## Topics',
    '',
    'Code of `source.topic`, static for the same advice; overrides can be remembered by it.',
    '',
    ...table(
      ['code', 'display', 'system'],
      sheet.topics.map((one) => [code(one.code), cell(one.display ?? ''), code(one.system ?? '')]),
    ),
    '## Override reasons',
    '',
    ...table(
      ['code', 'display', 'system'],
      sheet.overrideReasons.map((one) => [code(one.code), cell(one.display), code(one.system)]),
    ),
    '## Links to allow',
    '',
    'Absolute links; cards add a fragment only, never a query or an identifier.',
    '',
    ...sheet.links.map((url) => `- ${code(url)}`),
    '',
    '## Feedback',
    '',
    ...feedbackLines(client),
    '## Browser clients',
    '',
    client.corsOrigins.length === 0
      ? 'No origin is registered: browsers are not answered.'
      : `CORS origins: ${codes(client.corsOrigins)}.`,
    '',
    `At most ${client.limits.concurrent} calls under way at once, then 429.`,
    '',
  ].join('\n');
};
