// Numeric results -> Measure in the canonical unit of the analyte. Must not know what a value means clinically.
import type {
  CodeableConcept,
  Observation,
  ObservationComponent,
  ObservationReferenceRange,
  Quantity,
} from 'fhir/r4.js';
import type { Finding, Measure } from './finding.js';
import type { Analyte } from './knowledge.js';

interface Conversion {
  readonly factor: number;
  readonly offset: number;
}

const IDENTITY: Conversion = { factor: 1, offset: 0 };

/** How a quantity's unit converts; undefined when the unit is absent, unknown or contradicts itself. */
const conversionOf = (quantity: Quantity, analyte: Analyte): Conversion | undefined => {
  const { code, unit } = quantity;
  const byCode = code === undefined ? undefined : analyte.units.get(code);
  if (byCode !== undefined && unit === code) return byCode;
  const byText = unit === undefined ? undefined : analyte.units.get(unit);
  if (code === undefined && unit === undefined) return analyte.unitless ? IDENTITY : undefined;
  if (code !== undefined && byCode === undefined) return undefined;
  if (byCode && byText && (byCode.factor !== byText.factor || byCode.offset !== byText.offset)) {
    return undefined;
  }
  return byCode ?? byText;
};

const convert = (value: number, { factor, offset }: Conversion): number => value * factor + offset;

const isPlausible = (value: number, [low, high]: readonly [number, number]): boolean =>
  value >= low && value <= high;

const unitText = (quantity: Quantity): string => {
  const unit = quantity.unit ?? quantity.code ?? '';
  return unit === '1' || unit.startsWith('{') ? '' : unit;
};

const fromQuantity = (quantity: Quantity, analyte: Analyte): Measure | undefined => {
  const { value, comparator } = quantity;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const conversion = conversionOf(quantity, analyte);
  if (!conversion) return undefined;
  const converted = convert(value, conversion);
  if (comparator === undefined && !isPlausible(converted, analyte.plausible)) return undefined;
  const unit = unitText(quantity);
  const number = comparator ? `${comparator}${value}` : String(value);
  const below = comparator === '<' || comparator === '<=';
  const above = comparator === '>' || comparator === '>=';
  return {
    low: below ? Number.NEGATIVE_INFINITY : converted,
    high: above ? Number.POSITIVE_INFINITY : converted,
    lowOpen: comparator === '>',
    highOpen: comparator === '<',
    unit: analyte.unit,
    text: unit === '' ? number : `${number} ${unit}`,
  };
};

/** The Observation parts that can hold a result. */
export type ResultHolder = Pick<
  Observation & ObservationComponent,
  'valueQuantity' | 'valueInteger' | 'valueRange' | 'referenceRange' | 'interpretation'
>;

/** True when the holder carries something numeric, readable or not. */
export const hasNumber = (holder: ResultHolder): boolean =>
  holder.valueQuantity !== undefined ||
  holder.valueInteger !== undefined ||
  holder.valueRange !== undefined;

/** The result as an interval in the analyte's unit; undefined when it is not understood well enough to be compared. */
export const measureOf = (holder: ResultHolder, analyte: Analyte): Measure | undefined => {
  const { valueQuantity, valueInteger, valueRange } = holder;
  if (valueQuantity) return fromQuantity(valueQuantity, analyte);
  if (typeof valueInteger === 'number') return fromQuantity({ value: valueInteger }, analyte);
  const low = valueRange?.low && fromQuantity(valueRange.low, analyte);
  const high = valueRange?.high && fromQuantity(valueRange.high, analyte);
  if (!low || !high) return undefined;
  return { ...low, high: high.high, highOpen: false, text: `${low.text}–${high.text}` };
};

const INTERPRETATIONS = new Map<string, NonNullable<Finding['flag']>>([
  ['H', 'high'],
  ['HH', 'high'],
  ['HU', 'high'],
  ['L', 'low'],
  ['LL', 'low'],
  ['LU', 'low'],
  ['A', 'abnormal'],
  ['AA', 'abnormal'],
  ['POS', 'abnormal'],
  ['DET', 'abnormal'],
  ['R', 'abnormal'],
  ['N', 'normal'],
  ['NEG', 'normal'],
  ['ND', 'normal'],
]);

const sameUnit = (a: Quantity | undefined, b: Quantity): boolean =>
  a === undefined || (a.code ?? a.unit) === (b.code ?? b.unit);

const NO_RANGES: readonly ObservationReferenceRange[] = [];
const NO_CONCEPTS: readonly CodeableConcept[] = [];

const flagByRange = (
  quantity: Quantity | undefined,
  ranges: readonly ObservationReferenceRange[] | undefined,
): Finding['flag'] => {
  // What is no list breaks here, and the result is counted as unreadable.
  const [range, more] = ranges ?? NO_RANGES;
  if (!quantity || !range || more) return undefined;
  const { value } = quantity;
  if (typeof value !== 'number' || quantity.comparator) return undefined;
  const { low, high } = range;
  if (!sameUnit(low, quantity) || !sameUnit(high, quantity)) return undefined;
  if (typeof high?.value === 'number' && value > high.value) return 'high';
  if (typeof low?.value === 'number' && value < low.value) return 'low';
  return high ? 'normal' : undefined;
};

/**
 * What the resource itself says of its result: its own reference range first, then its interpretation (G6).
 * @see http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation
 */
export const flagOf = (holder: ResultHolder): Finding['flag'] => {
  const byRange = flagByRange(holder.valueQuantity, holder.referenceRange);
  if (byRange) return byRange;
  for (const concept of holder.interpretation ?? NO_CONCEPTS) {
    for (const { code } of concept.coding ?? []) {
      const flag = code === undefined ? undefined : INTERPRETATIONS.get(code);
      if (flag) return flag;
    }
  }
  return undefined;
};
