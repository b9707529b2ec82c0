// The command `audit`: the trail as FHIR AuditEvents, or whether it is whole. Must not know the store.
import type { AuditEvent as FhirAuditEvent } from 'fhir/r4.js';
import type { ChainedAuditEvent } from '../cds/stored-evaluation.js';

/** What the command needs from outside. */
export interface AuditDeps {
  readonly events: AsyncIterable<ChainedAuditEvent>;
  /** Whether an event is the next link of the chain; asked once for each, in order. */
  readonly isLinked: (event: ChainedAuditEvent) => boolean;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

const TYPE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const OWN = 'https://pain-cds.example/fhir';
const ACTIONS = { hook: 'E', read: 'R', feedback: 'C', admin: 'E' } as const;
const OUTCOMES = { success: '0', 'minor-failure': '4', 'serious-failure': '8' } as const;

/** An event as a FHIR R4 AuditEvent; the patient is the keyed hash only. */
const toFhirAuditEvent = (event: ChainedAuditEvent): FhirAuditEvent => ({
  resourceType: 'AuditEvent',
  id: String(event.sequence),
  type: { system: TYPE_SYSTEM, code: event.type === 'read' ? 'rest' : 'object' },
  subtype: [{ system: `${OWN}/CodeSystem/audit-${event.type}`, code: event.subtype }],
  action: ACTIONS[event.type],
  recorded: event.recorded,
  outcome: OUTCOMES[event.outcome],
  agent: [
    { who: { identifier: { system: `${OWN}/client`, value: event.agent } }, requestor: true },
  ],
  source: { observer: { display: 'pain-cds' } },
  entity: [
    {
      what: { identifier: { system: `${OWN}/audit-chain`, value: event.hash } },
      ...(event.detail !== undefined && { description: event.detail }),
    },
    ...(event.patient === undefined
      ? []
      : [
          {
            what: { identifier: { system: `${OWN}/patient-hash`, value: event.patient } },
            role: {
              system: 'http://terminology.hl7.org/CodeSystem/object-role',
              code: '1',
              display: 'Patient',
            },
          },
        ]),
  ],
});

/** Runs the command; returns the exit code: 1 when the chain is broken. */
export const auditCommand = async (
  { verify }: { readonly verify?: boolean },
  { events, isLinked, out, err }: AuditDeps,
): Promise<number> => {
  let count = 0;
  const broken: number[] = [];
  for await (const event of events) {
    count += 1;
    if (!isLinked(event)) broken.push(event.sequence);
    if (!verify) out.write(`${JSON.stringify(toFhirAuditEvent(event))}\n`);
  }
  const at = broken.length === 0 ? '' : `, broken at ${broken.slice(0, 10).join(', ')}`;
  err.write(`${count} events${at || ', unbroken'}\n`);
  return broken.length === 0 ? 0 : 1;
};
