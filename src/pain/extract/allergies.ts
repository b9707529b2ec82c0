// AllergyIntolerance -> findings: substance, severity, and "no known allergy" as the negative it is (D-8). Must not judge treatments.
import type { AllergyIntolerance, CodeableConcept } from 'fhir/r4.js';
import type { AllergyKind } from '../finding.js';
import type { AllergyRules } from '../medicine.js';
import { type CodeMatch, codeMatch } from '../terms.js';
import {
  addFinding,
  draftFinding,
  type Extractor,
  firstCode,
  matchesOf,
  readDate,
  verificationOf,
} from './extractor.js';

const PAST_CLINICAL_STATUS = new Set(['inactive', 'resolved']);

const wordsIn = ({ coding, text }: CodeableConcept): string[] =>
  [text, ...(coding ?? []).map(({ display }) => display)].filter((one) => typeof one === 'string');

/** The display of "no known allergy" where the entry says so. */
const noKnownAllergy = (
  concept: CodeableConcept | undefined,
  rules: AllergyRules,
): string | undefined => {
  if (!concept) return undefined;
  for (const { system, code } of concept.coding ?? []) {
    const display = rules.noKnown.get(`${system}|${code}`);
    if (display !== undefined) return display;
  }
  return wordsIn(concept).find(rules.isNoKnownText);
};

const isSevereReaction = (concept: CodeableConcept, rules: AllergyRules): boolean =>
  (concept.coding ?? []).some(({ system, code }) =>
    rules.severeReactions.has(`${system}|${code}`),
  ) || wordsIn(concept).some(rules.isSevereText);

const kindOf = (
  { criticality, type, reaction, code }: AllergyIntolerance,
  rules: AllergyRules,
): AllergyKind => {
  const signs = (reaction ?? []).flatMap(({ manifestation, description }) => [
    ...(manifestation ?? []),
    ...(typeof description === 'string' ? [{ text: description }] : []),
  ]);
  if (criticality === 'high') return 'severe';
  if ([...signs, ...(code ? [code] : [])].some((sign) => isSevereReaction(sign, rules)))
    return 'severe';
  return type === 'intolerance' ? 'intolerance' : 'unspecified';
};

interface Substance {
  readonly matches: readonly CodeMatch[];
  readonly isCoded: boolean;
  /** False when nothing of it, or not all of it, is known. */
  readonly isKnown: boolean;
}

/** All that the substances of an entry mean: allergens, medicines whatever their form, and classes named as such. */
const substanceOf = (
  extractor: Extractor,
  concepts: readonly (CodeableConcept | undefined)[],
): Substance => {
  const { vocabulary, allergies } = extractor.knowledge;
  const found: CodeMatch[] = [];
  let isCoded = false;
  let isKnown = false;
  const add = (matches: readonly CodeMatch[]): void => {
    for (const match of matches) if (!found.some(({ set }) => set === match.set)) found.push(match);
  };
  for (const concept of concepts) {
    if (!concept) continue;
    const coded = matchesOf(vocabulary, concept.coding);
    isCoded ||= coded.length > 0;
    add(coded);
    const medicine = vocabulary.findMedicine(concept.coding, concept.text);
    const classes = wordsIn(concept).flatMap(allergies.classesIn);
    isKnown ||=
      coded.length > 0 ||
      (medicine ? !medicine.isPartial : classes.length > 0) ||
      wordsIn(concept).some(allergies.isOtherText);
    for (const { substanceMatches, isByName } of medicine?.ingredients ?? []) {
      isCoded ||= !isByName && substanceMatches.length > 0;
      add(substanceMatches);
    }
    add(classes);
  }
  return { matches: found, isCoded, isKnown };
};

const isAboutMedicines = ({ category }: AllergyIntolerance): boolean =>
  category === undefined || category.length === 0 || category.includes('medication');

/** An allergy or intolerance. Refuted ones deny; those entered in error, and "no information", do not exist. */
export const extractAllergy = (
  extractor: Extractor,
  resource: AllergyIntolerance,
  reference: string,
): void => {
  const verification = firstCode(resource.verificationStatus);
  if (verification === 'entered-in-error') return;
  const { allergies } = extractor.knowledge;
  const { code } = resource;
  if (code?.coding?.some((one) => allergies.noInformation.has(`${one.system}|${one.code}`))) return;
  extractor.allergyRecorded = true;
  const effective = readDate(resource.recordedDate);
  const concepts = [code, ...(resource.reaction ?? []).map(({ substance }) => substance)];
  const { matches, isCoded, isKnown } = substanceOf(extractor, concepts);
  const none = matches.length === 0 ? noKnownAllergy(code, allergies) : undefined;
  if (none !== undefined) {
    const denied = draftFinding('allergy', reference, [codeMatch(allergies.noKnownSet, none, [])]);
    denied.presence = 'absent';
    denied.effective = effective;
    addFinding(extractor, denied, undefined);
    return;
  }
  const current = !PAST_CLINICAL_STATUS.has(firstCode(resource.clinicalStatus) ?? '');
  const isRefuted = verification === 'refuted';
  if (!isKnown && current && !isRefuted && isAboutMedicines(resource)) {
    extractor.unrecognisedAllergies += 1;
    extractor.unusable.add('AllergyIntolerance');
  }
  if (matches.length === 0) return;
  const finding = draftFinding('allergy', reference, matches);
  finding.basis = isCoded ? 'coded' : 'name';
  finding.presence = isRefuted ? 'absent' : 'present';
  finding.current = current;
  finding.verification = verificationOf(verification);
  finding.effective = effective;
  finding.allergy = kindOf(resource, allergies);
  finding.encounter = resource.encounter?.reference;
  addFinding(extractor, finding, undefined);
};
