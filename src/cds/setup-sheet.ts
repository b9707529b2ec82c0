// What a site types into its EHR to use this server, composed from what discovery and cards are made of. Must not read files or know a secret.

import type { EngineTexts, Knowledge } from '../pain/knowledge.js';
import type { Coding, OverrideReason } from './cds-hooks.js';
import type { CdsService } from './services.js';

/** What a registered client's tokens must say; public facts of the registry only. */
export interface TokenFacts {
  readonly issuer: string;
  readonly tenant?: string;
  readonly subjects?: readonly string[];
  readonly algorithms: readonly string[];
  /** The only value a `jku` header may have; keys are fetched from it unless `keyIds` are registered. */
  readonly jwksUrl?: string;
  /** `kid` of each key that was registered by value. */
  readonly keyIds?: readonly string[];
  /** Values of `aud` accepted beside the addresses of the routes. */
  readonly audiences: readonly string[];
  /** SHA-256 (`x5t#S256`) of the TLS certificates its calls must come with. */
  readonly certificates?: readonly string[];
  readonly longestLifetimeS: number;
  readonly clockSkewS: number;
}

/** The client a sheet is for. */
export interface SetupClient {
  readonly id: string;
  readonly name?: string;
  /** Absent in demo mode, which authenticates nobody. */
  readonly token?: TokenFacts;
  readonly fhirServers: readonly string[];
  readonly fhirClientId?: string;
  readonly corsOrigins: readonly string[];
  readonly limits: { readonly concurrent: number; readonly feedbackPerMinute: number };
}

/** What a sheet is composed from: the same objects discovery, cards and the checks of callers use. */
export interface SetupFacts {
  readonly baseUrl: string;
  readonly isDiscoveryOpen: boolean;
  readonly needsClientCertificate: boolean;
  readonly knowledge: Pick<Knowledge, 'version' | 'digest'> & {
    readonly engineTexts: Pick<EngineTexts, 'inputEffects' | 'notReviewed'>;
  };
  readonly services: ReadonlyMap<string, CdsService>;
  readonly topics: readonly Coding[];
  readonly overrideReasons: readonly OverrideReason[];
  /** Names of the pages below `/about` that cards link to. */
  readonly pages: readonly string[];
  readonly client: SetupClient;
}

/** One row of the table of prefetch templates. */
export interface PrefetchRow {
  readonly key: string;
  readonly type: string;
  readonly template: string;
  readonly required: boolean;
  readonly without: string;
}

/** One service as a site registers it. */
export interface ServiceRows {
  readonly id: string;
  readonly hook: string;
  readonly title?: string;
  readonly url: string;
  readonly feedbackUrl: string;
  /** Values of `aud` that mean this service. */
  readonly audiences: readonly string[];
  readonly prefetch: readonly PrefetchRow[];
}

/** Read access to one resource type in both spellings of SMART. */
export interface ScopeRow {
  readonly type: string;
  readonly v1: string;
  readonly v2: string;
}

/** Everything a site needs to know; the JSON form of the command. */
export interface SetupSheet {
  readonly schemaVersion: '1';
  readonly knowledge: {
    readonly version: string;
    readonly digest: string;
    readonly review: string;
  };
  readonly baseUrl: string;
  readonly discovery: { readonly url: string; readonly needsToken: boolean };
  readonly needsClientCertificate: boolean;
  readonly client: SetupClient;
  readonly services: readonly ServiceRows[];
  readonly scopes: readonly ScopeRow[];
  readonly topics: readonly Coding[];
  readonly overrideReasons: readonly OverrideReason[];
  /** Absolute URLs that cards link to; only fragments are added. */
  readonly links: readonly string[];
}

const WITHOUT_REQUIRED = '412, no cards, unless it can be read from the FHIR server';

const serviceRows = ({ baseUrl, knowledge }: SetupFacts, service: CdsService): ServiceRows => {
  const { inputEffects } = knowledge.engineTexts;
  const { id, hook, title } = service.definition;
  const url = `${baseUrl}/cds-services/${id}`;
  return {
    id,
    hook,
    ...(title !== undefined && { title }),
    url,
    feedbackUrl: `${url}/feedback`,
    audiences: [url, `${url}/feedback`],
    prefetch: service.prefetch.map(({ key, type, template, required }) => ({
      key,
      type,
      template,
      required,
      without: required
        ? WITHOUT_REQUIRED
        : ['partial answer', inputEffects.get(type)].filter(Boolean).join(': '),
    })),
  };
};

/** Types that requests refer to and that no template can ask for. */
const REFERENCED: Readonly<Record<string, string>> = {
  MedicationRequest: 'Medication',
  MedicationStatement: 'Medication',
};

const scopesOf = (services: readonly ServiceRows[]): ScopeRow[] => {
  const types = services.flatMap(({ prefetch }) =>
    prefetch.flatMap(({ type }) => [type, REFERENCED[type] ?? type]),
  );
  return [...new Set(types)].sort().map((type) => ({
    type,
    v1: `patient/${type}.read`,
    v2: `patient/${type}.rs`,
  }));
};

/** Composes the sheet of one client. */
export const composeSetupSheet = (facts: SetupFacts): SetupSheet => {
  const { baseUrl, knowledge, client, topics, overrideReasons } = facts;
  const services = [...facts.services.values()].map((service) => serviceRows(facts, service));
  return {
    schemaVersion: '1',
    knowledge: {
      version: knowledge.version,
      digest: knowledge.digest,
      review: knowledge.engineTexts.notReviewed,
    },
    baseUrl,
    discovery: { url: `${baseUrl}/cds-services`, needsToken: !facts.isDiscoveryOpen },
    needsClientCertificate: facts.needsClientCertificate,
    client,
    services,
    scopes: scopesOf(services),
    topics,
    overrideReasons,
    links: facts.pages.map((name) => `${baseUrl}/about/${name}`),
  };
};
