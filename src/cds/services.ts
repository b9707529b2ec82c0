// Knowledge -> CDS services with computed prefetch templates. Must not read a record or compose a card.
import { KnowledgeInvalid } from '../errors.js';
import type { Knowledge } from '../pain/knowledge.js';
import type { InputType } from '../pain/patient-record.js';
import type { ServiceDefinition } from './cds-hooks.js';

/** One prefetch key: what it asks for and what its absence means. */
export interface PrefetchKey {
  readonly key: string;
  readonly type: InputType;
  /** CDS Hooks 2.0 prefetch template. */
  readonly template: string;
  /** Without it the service cannot say anything: 412. */
  readonly required: boolean;
}

/** A CDS service with its definition and the data it reads. */
export interface CdsService {
  readonly definition: ServiceDefinition;
  readonly prefetch: readonly PrefetchKey[];
}

/** The longest template that clients and URLs carry safely, in characters. */
const LONGEST_TEMPLATE = 1900;
const MOST_KEYS = 10;
const SPECIFICATION_VERSION = '2.0.1';

/** `identifier.system` of orders that come from our suggestions; the value is the id of the line of guidance. */
export const ADVICE_SYSTEM = 'https://pain-cds.example/fhir/NamingSystem/advice';

const PATIENT = '{{context.patientId}}';

const ofPatient = (type: InputType, filter = ''): string => `${type}?patient=${PATIENT}${filter}`;

/** The prefetch of all services: codes and categories are what the knowledge reads, nothing else. */
export const prefetchOf = (reads: Knowledge['reads']): readonly PrefetchKey[] => {
  const keys: readonly PrefetchKey[] = [
    { key: 'patient', type: 'Patient', template: `Patient/${PATIENT}`, required: true },
    { key: 'conditions', type: 'Condition', template: ofPatient('Condition'), required: true },
    {
      key: 'observations',
      type: 'Observation',
      template: ofPatient('Observation', `&code=${reads.observationCodes.join(',')}`),
      required: false,
    },
    {
      key: 'diagnosticReports',
      type: 'DiagnosticReport',
      template: ofPatient('DiagnosticReport', `&category=${reads.reportCategories.join(',')}`),
      required: false,
    },
    {
      key: 'imagingStudies',
      type: 'ImagingStudy',
      template: ofPatient('ImagingStudy'),
      required: false,
    },
    {
      key: 'medicationRequests',
      type: 'MedicationRequest',
      template: ofPatient('MedicationRequest'),
      required: false,
    },
    {
      key: 'medicationStatements',
      type: 'MedicationStatement',
      template: ofPatient('MedicationStatement'),
      required: false,
    },
    {
      key: 'allergies',
      type: 'AllergyIntolerance',
      template: ofPatient('AllergyIntolerance'),
      required: false,
    },
    { key: 'procedures', type: 'Procedure', template: ofPatient('Procedure'), required: false },
    { key: 'encounters', type: 'Encounter', template: ofPatient('Encounter'), required: false },
  ];
  const faults = keys
    .filter(({ template }) => template.length >= LONGEST_TEMPLATE)
    .map(({ key, template }) => ({
      file: 'cards',
      message: `the prefetch template of ${key} has ${template.length} characters, at most ${LONGEST_TEMPLATE - 1} are allowed`,
    }));
  if (reads.observationCodes.length === 0 || reads.reportCategories.length === 0) {
    faults.push({ file: 'cards', message: 'no observation code or no report category is read' });
  }
  if (keys.length > MOST_KEYS)
    faults.push({ file: 'cards', message: `more than ${MOST_KEYS} prefetch keys` });
  if (faults.length > 0) throw new KnowledgeInvalid(faults);
  return keys;
};

/** The words of `cards/texts` a service is described with. */
export interface ServiceText {
  readonly title: string;
  readonly description: string;
  readonly usageRequirements: string;
}

/** The words of every service, by service id. */
export type ServiceTexts = Readonly<Record<string, ServiceText>>;

/** The services in the order discovery shows them. */
const SERVICES: readonly { readonly id: string; readonly hook: string }[] = [
  { id: 'pain-patient-view', hook: 'patient-view' },
  { id: 'pain-order-select', hook: 'order-select' },
  { id: 'pain-order-sign', hook: 'order-sign' },
  { id: 'pain-encounter-start', hook: 'encounter-start' },
  { id: 'pain-problem-list-item-create', hook: 'problem-list-item-create' },
];

/**
 * All services of this server by id; each has its own id, because some clients key services by it.
 * @throws {KnowledgeInvalid} when the words of a service are missing
 */
export const createServices = (
  reads: Knowledge['reads'],
  texts: ServiceTexts,
): ReadonlyMap<string, CdsService> => {
  const prefetch = prefetchOf(reads);
  const templates = Object.fromEntries(prefetch.map(({ key, template }) => [key, template]));
  const services = SERVICES.map(({ id, hook }): CdsService => {
    const text = texts[id];
    if (!text)
      throw new KnowledgeInvalid([{ file: 'texts', message: `no text for the service ${id}` }]);
    const { title, description, usageRequirements } = text;
    return {
      definition: {
        hook,
        id,
        title,
        description,
        usageRequirements,
        version: SPECIFICATION_VERSION,
        prefetch: templates,
      },
      prefetch,
    };
  });
  return new Map(services.map((service) => [service.definition.id, service]));
};
