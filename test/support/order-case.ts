// Reads the clinical cases of orders as data and builds the record with its drafts; must not know rules or answers.
import { readFileSync } from 'node:fs';
import type { CodeableConcept } from 'fhir/r4.js';
import { parse } from 'yaml';
import type { DraftResource, PatientRecord } from '../../src/pain/patient-record.js';
import { buildRecord, conceptOf, type Entry, type Fields } from './case-record.js';

interface OrderFields {
  readonly medicine?: string;
  readonly service?: string;
  readonly selected?: boolean;
  readonly reason?: string;
  /** Id of the line of guidance whose suggestion it is. */
  readonly advice?: string;
  /** Further FHIR fields, as they stand. */
  readonly fields?: Fields;
}

/** One situation with orders being written, and what is said of each selected one. */
export interface OrderCase {
  readonly now: string;
  readonly patient: Fields;
  readonly situation: string;
  readonly record: readonly Entry[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly orders: readonly OrderFields[];
  readonly unrecognised?: number;
  readonly indicator?: string;
  readonly expect: readonly (readonly string[])[];
}

interface OrderFile {
  readonly now: string;
  readonly patient: Fields;
  readonly cases: readonly (Omit<OrderCase, 'now' | 'patient'> & { readonly patient?: Fields })[];
}

/** Reads every case of a file. */
export const readOrderCases = (path: string): readonly OrderCase[] => {
  const { now, patient, cases }: OrderFile = parse(readFileSync(path, 'utf8'));
  return cases.map((one) => ({ ...one, now, patient: { ...patient, ...one.patient } }));
};

const draftOf = (order: OrderFields, at: number): DraftResource => {
  const subject = { reference: 'Patient/case-patient' };
  const reason: { reasonCode?: CodeableConcept[] } =
    order.reason === undefined ? {} : { reasonCode: [conceptOf(order.reason)] };
  const base = { id: `draft-${at}`, subject, ...reason, status: 'draft', intent: 'order' } as const;
  const { medicine, service = '', advice, fields = {} } = order;
  const resource: DraftResource['resource'] =
    medicine === undefined && !('medicationReference' in fields)
      ? { resourceType: 'ServiceRequest', ...base, code: conceptOf(service), ...fields }
      : {
          resourceType: 'MedicationRequest',
          ...base,
          ...(medicine !== undefined && { medicationCodeableConcept: conceptOf(medicine) }),
          ...fields,
        };
  const reference = `${resource.resourceType}/${base.id}`;
  const isSelected = order.selected !== false;
  return { resource, reference, isSelected, ...(advice !== undefined && { advice }) };
};

/** The record of a case with its orders being written. */
export const recordOfOrders = ({ patient, record, inputs, orders }: OrderCase): PatientRecord => ({
  ...buildRecord(patient, record, inputs ?? {}),
  draftOrders: { drafts: orders.map(draftOf), unusable: 0 },
});
