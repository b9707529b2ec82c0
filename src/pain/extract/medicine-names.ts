// The medicine a request or statement names: inline, contained or referenced, with the strengths a Medication states. Must not know courses.
import type {
  CodeableConcept,
  Medication,
  MedicationIngredient,
  MedicationRequest,
  MedicationStatement,
  Substance,
} from 'fhir/r4.js';
import type { Medicine, MedicineIngredient, Strength } from '../medicine.js';
import type { Extractor, ReferencedMedications } from './extractor.js';

/** A resource that says that a medicine is ordered or taken. */
export type Carrier = MedicationRequest | MedicationStatement;

/** A medicine with the strengths its Medication resource states, by ingredient. */
export interface NamedMedicine {
  readonly medicine: Medicine | undefined;
  readonly strengths: ReadonlyMap<string, Strength> | undefined;
}

const NOT_NAMED: NamedMedicine = { medicine: undefined, strengths: undefined };

const recognise = (
  extractor: Extractor,
  concept: CodeableConcept | undefined,
): Medicine | undefined => {
  if (!concept) return undefined;
  const { coding, text } = concept;
  let key = text ?? '';
  if (coding)
    for (const { system, code, display } of coding) key += `|${system}|${code}|${display}`;
  const known = extractor.recognised.get(key);
  if (known !== undefined || extractor.recognised.has(key)) return known;
  const medicine = extractor.knowledge.vocabulary.findMedicine(coding, text);
  extractor.recognised.set(key, medicine);
  return medicine;
};

type Container = Carrier | Medication;

const containedIn = (
  resource: Container,
  reference: string,
): Medication | Substance | undefined => {
  const inner = resource.contained?.find(({ id }) => `#${id}` === reference);
  return inner?.resourceType === 'Medication' || inner?.resourceType === 'Substance'
    ? (inner as Medication | Substance)
    : undefined;
};

const medicationOf = (
  resource: Carrier,
  reference: string,
  medications: ReferencedMedications,
): Medication | undefined => {
  if (!reference.startsWith('#')) return medications.get(reference);
  const contained = containedIn(resource, reference);
  return contained?.resourceType === 'Medication' ? contained : undefined;
};

/** What an ingredient of a Medication is called: inline, or a Substance or Medication contained or of the record. */
const conceptOfIngredient = (
  { itemCodeableConcept, itemReference }: MedicationIngredient,
  owners: readonly Container[],
  medications: ReferencedMedications,
): CodeableConcept | undefined => {
  const reference = itemReference?.reference;
  if (itemCodeableConcept || reference === undefined) return itemCodeableConcept;
  if (!reference.startsWith('#'))
    return medications.get(reference)?.code ?? { text: itemReference?.display ?? '' };
  for (const owner of owners) {
    const inner = containedIn(owner, reference);
    if (inner) return inner.code;
  }
  return undefined;
};

const statedStrength = (
  { strength }: MedicationIngredient,
  extractor: Extractor,
): Strength | undefined => {
  const { massUnits, volumeUnits, pieceUnits } = extractor.knowledge.medicines;
  const { numerator, denominator } = strength ?? {};
  const mass = massUnits.get(numerator?.code ?? numerator?.unit ?? '');
  const amount = numerator?.value;
  if (mass === undefined || typeof amount !== 'number' || amount <= 0) return undefined;
  const count = denominator?.value ?? 1;
  const unit = denominator?.code ?? denominator?.unit;
  if (!(count > 0)) return undefined;
  const volume = unit === undefined ? undefined : volumeUnits.get(unit);
  if (volume !== undefined)
    return { amount: (amount * mass) / (count * volume), unit: 'mg', per: 'mL' };
  if (unit !== undefined && !pieceUnits.has(unit)) return undefined;
  return { amount: (amount * mass) / count, unit: 'mg', per: 'piece' };
};

const sharesSet = (a: MedicineIngredient, b: MedicineIngredient): boolean =>
  a.matches.some(({ set }) => b.matches.some((other) => other.set === set));

/** A Medication by its own code and by its active ingredients: what either names counts. */
const nameOfMedication = (
  extractor: Extractor,
  medication: Medication,
  carrier: Carrier,
  medications: ReferencedMedications,
): NamedMedicine => {
  const whole = recognise(extractor, medication.code);
  const parts = (medication.ingredient ?? []).filter(({ isActive }) => isActive !== false);
  if (parts.length === 0) return { medicine: whole, strengths: undefined };
  const ingredients: MedicineIngredient[] = [...(whole?.ingredients ?? [])];
  const strengths = new Map<string, Strength>();
  let isPartial = false;
  let isNamed = whole !== undefined;
  for (const part of parts) {
    const concept = conceptOfIngredient(part, [medication, carrier], medications);
    const named = recognise(extractor, concept);
    isPartial ||= named === undefined || named.isPartial;
    isNamed ||= named !== undefined;
    const strength = statedStrength(part, extractor);
    for (const ingredient of named?.ingredients ?? []) {
      const known = ingredients.find((one) => sharesSet(one, ingredient));
      if (!known) ingredients.push(ingredient);
      if (strength) strengths.set((known ?? ingredient).label, strength);
    }
  }
  if (!isNamed) return NOT_NAMED;
  const form = whole?.form;
  return {
    medicine: { ingredients, form, isPartial: isPartial && whole?.isPartial !== false },
    strengths,
  };
};

/** Recognises the medicine; `missing` when its Medication resource did not come along, which the read state of Medication says. */
export const nameMedicine = (
  extractor: Extractor,
  resource: Carrier,
  medications: ReferencedMedications,
): NamedMedicine | 'missing' => {
  const { medicationCodeableConcept: concept, medicationReference: link } = resource;
  if (concept) return { medicine: recognise(extractor, concept), strengths: undefined };
  const reference = link?.reference;
  const medication =
    reference === undefined ? undefined : medicationOf(resource, reference, medications);
  if (medication) return nameOfMedication(extractor, medication, resource, medications);
  // A reference that leads nowhere may still name the medicine by its display.
  const medicine =
    typeof link?.display === 'string' ? recognise(extractor, { text: link.display }) : undefined;
  if (medicine) return { medicine, strengths: undefined };
  return reference === undefined || reference.startsWith('#') ? NOT_NAMED : 'missing';
};
