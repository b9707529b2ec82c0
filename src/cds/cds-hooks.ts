// The words of CDS Hooks 2.0.1 as types, each field with the specification's meaning. Must not know pain, FHIR servers or HTTP.

/** A code with its system; `display` is required where the specification shows it to people. */
export interface Coding {
  readonly system?: string;
  readonly code: string;
  readonly display?: string;
}

/** Vendor or service data under reverse-DNS names. @see CDS Hooks 2.0 "Extensions" */
export type Extension = { readonly [name: string]: unknown };

/** One service as discovery shows it. @see CDS Hooks 2.0 "Discovery" */
export interface ServiceDefinition {
  /** The hook this service is called on. */
  readonly hook: string;
  /** Human-friendly name. */
  readonly title?: string;
  /** What the service does. */
  readonly description: string;
  /** The `{id}` of `{baseUrl}/cds-services/{id}`. */
  readonly id: string;
  /** Prefetch key to FHIR query template. */
  readonly prefetch?: Readonly<Record<string, string>>;
  /** Preconditions of use, for people. */
  readonly usageRequirements?: string;
  /** Version of the CDS Hooks specification implemented (3.0 ballot). */
  readonly version?: string;
}

/** The answer of `GET {baseUrl}/cds-services`. */
export interface DiscoveryResponse {
  readonly services: readonly ServiceDefinition[];
}

/** How to reach the FHIR server on behalf of the user. @see CDS Hooks 2.0 "FHIR Resource Access" */
export interface FhirAuthorization {
  /** OAuth 2.0 access token: transient, never logged or stored. */
  readonly access_token: string;
  /** Fixed value `Bearer`. */
  readonly token_type: string;
  /** Lifetime of the token in seconds. */
  readonly expires_in?: number;
  /** Scopes granted; never parsed strictly. */
  readonly scope?: string;
  /** OAuth 2.0 client id of this service at the authorization server. */
  readonly subject?: string;
  /** The one patient the token is limited to, if it is. */
  readonly patient?: string;
}

/** Context of the hooks of this server. @see CDS Hooks library, hook pages */
export interface HookContext {
  /** The current user, `Practitioner/123` and the like. */
  readonly userId?: string;
  /** Logical id of the patient in context, bare. */
  readonly patientId: string;
  /** Logical id of the encounter in context. */
  readonly encounterId?: string;
  /** order-select: references of the orders that were just selected, `Type/id`. */
  readonly selections?: readonly string[];
  /** order-select, order-sign: Bundle of the orders that are being written; nothing in it is trusted before it is checked. */
  readonly draftOrders?: unknown;
  /** problem-list-item-create: Bundle of the problems just added; not trusted either. */
  readonly conditions?: unknown;
}

/** The body of `POST {baseUrl}/cds-services/{id}`. @see CDS Hooks 2.0 "HTTP Request" */
export interface HookRequest {
  /** The hook that triggered this call. */
  readonly hook: string;
  /** Identifies this particular firing; opaque to the service. */
  readonly hookInstance: string;
  /** Base URL of the CDS Client's FHIR server. */
  readonly fhirServer?: string;
  readonly fhirAuthorization?: FhirAuthorization;
  readonly context: HookContext;
  /** Answers to the prefetch templates; nothing in it is trusted before it is checked. */
  readonly prefetch?: Readonly<Record<string, unknown>>;
}

/** Urgency of what a card conveys. */
export type CardIndicator = 'info' | 'warning' | 'critical';

/** Where the card's content comes from. @see CDS Hooks 2.0 "Source" */
export interface Source {
  /** Short name of the source of the information. */
  readonly label: string;
  /** Absolute URL to learn more about the source. */
  readonly url?: string;
  /** Absolute URL of a 100x100 PNG. */
  readonly icon?: string;
  /** What the card is about; stable for the same advice. */
  readonly topic?: Coding;
}

/** One thing an accepted suggestion does. @see CDS Hooks 2.0 "Action" */
export interface Action {
  readonly type: 'create' | 'update' | 'delete';
  /** What the action does, for people. */
  readonly description: string;
  /** `create`: the new resource; `update`: the whole updated resource. */
  readonly resource?: { readonly resourceType: string; readonly [element: string]: unknown };
  /** `delete`: relative reference. */
  readonly resourceId?: string;
}

/** A set of actions offered to the user. @see CDS Hooks 2.0 "Suggestion" */
export interface Suggestion {
  readonly label: string;
  readonly uuid?: string;
  readonly isRecommended?: boolean;
  readonly actions?: readonly Action[];
}

/** A place to read on. @see CDS Hooks 2.0 "Link" */
export interface Link {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute' | 'smart';
  /** For smart links only. */
  readonly appContext?: string;
}

/** A reason the user may give for overriding a card. */
export interface OverrideReason {
  readonly code: string;
  readonly system: string;
  readonly display: string;
}

/** One piece of decision support shown to the user. @see CDS Hooks 2.0 "Card Attributes" */
export interface Card {
  /** Identifies this card for feedback. */
  readonly uuid?: string;
  /** One sentence, shorter than 140 characters. */
  readonly summary: string;
  /** GitHub Flavored Markdown. */
  readonly detail?: string;
  readonly indicator: CardIndicator;
  readonly source: Source;
  readonly suggestions?: readonly Suggestion[];
  /** Required when suggestions are given. */
  readonly selectionBehavior?: 'at-most-one' | 'any';
  readonly overrideReasons?: readonly OverrideReason[];
  readonly links?: readonly Link[];
  readonly extension?: Extension;
}

/** The answer to a service call. @see CDS Hooks 2.0 "CDS Service Response" */
export interface ServiceResponse {
  readonly cards: readonly Card[];
  readonly extension?: Extension;
}
