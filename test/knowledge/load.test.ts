// Loading cards/: the real folder loads; a broken copy reports every fault with file, line and column.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnowledgeInvalid } from '../../src/errors.js';
import { loadKnowledge } from '../../src/knowledge/load.js';
import { CARDS, realKnowledge } from '../support/findings.js';

interface Edit {
  readonly file: string;
  /** The first occurrence is replaced. */
  readonly from: string;
  readonly to: string;
  readonly message: RegExp;
  /** Text of the edited file at whose beginning the fault stands; its line alone where `lineOnly`. */
  readonly at?: string;
  readonly lineOnly?: true;
}

const FIRST_WHEN = 'has(redflag-cauda-equina)';
const ROW = 'LOINC,72514-3,Twice,,,exact,,,,,,,test\n';
const edits: Readonly<Record<string, Edit>> = {
  'a broken expression in quotes': {
    file: 'red-flags.yaml',
    from: FIRST_WHEN,
    to: 'has(redflag-cauda-equina) ;; ',
    message: /cannot read ";/,
    at: ';; ',
  },
  'a red flag that stands twice': {
    file: 'red-flags.yaml',
    from: '- id: RF-02',
    to: '- id: RF-01',
    message: /"RF-01" stands twice/,
  },
  'a treatment that a red flag withholds and nobody knows': {
    file: 'red-flags.yaml',
    from: 'withholds: [epidural-steroid,',
    to: 'withholds: [epidural,',
    message: /treatment "epidural" does not exist/,
  },
  'a step that the line on ozone waits for and nobody knows': {
    file: 'ozone.yaml',
    from: 'steps: ["2", "3"]',
    to: 'steps: ["2", "4"]',
    message: /step "4" is not in stepwise.yaml/,
    at: '4"]',
  },
  'a gate of the line on ozone that no rule speaks of': {
    file: 'ozone.yaml',
    from: 'treatment: ozone',
    to: 'treatment: ozonated-oil',
    message: /no safety rule speaks of "ozonated-oil"/,
  },
  'a broken expression without quotes': {
    file: 'categories/neuropathic.yaml',
    from: 'when: has(cond-neuropathic-trigeminal,',
    to: 'when: has(cond-neuropathic-trigeminal;',
    message: /cannot read ";/,
    at: '; cond-neuropathic-postherpetic',
  },
  'an unknown set': {
    file: 'red-flags.yaml',
    from: FIRST_WHEN,
    to: 'has(redflag-nobody)',
    message: /code set "redflag-nobody" is not in the closed list/,
    at: 'redflag-nobody',
  },
  'a set of the prototype': {
    file: 'red-flags.yaml',
    from: FIRST_WHEN,
    to: 'has(constructor)',
    message: /code set "constructor"/,
    at: 'constructor',
  },
  'an exception that no prefix of the part covers': {
    file: 'sets.yaml',
    from: 'except: ["I44.4",',
    to: 'except: ["J44.4",',
    message: /part av-block names J44\.4/,
  },
  'a set known by name that has codes': {
    file: 'medicines.yaml',
    from: 'ingr-thiopurine:',
    to: 'ingr-warfarin:',
    message: /set "ingr-warfarin" has code rows/,
  },
  'an unknown region': {
    file: 'red-flags.yaml',
    from: 'region(neck,',
    to: 'region(nose,',
    message: /body region "nose"/,
    at: 'nose,',
  },
  'an unknown source': {
    file: 'red-flags.yaml',
    from: '[Finucane 2020,',
    to: '[Nobody 1900,',
    message: /source "Nobody 1900" does not exist/,
    at: 'Nobody 1900',
  },
  'a statement without a source': {
    file: 'modifiers.yaml',
    from: 'sources: [Henningsen 2018]',
    to: 'sources: []',
    message: /names no source/,
  },
  'a unit that is not listed': {
    file: 'coexistence.yaml',
    from: '10 mg/L',
    to: '10 furlong',
    message: /unit "furlong" is not listed/,
    at: '10 furlong',
  },
  'a code that stands twice': {
    file: 'codes/obs-pain-intensity.csv',
    from: 'LOINC,72514-3',
    to: `${ROW}LOINC,72514-3`,
    message: /LOINC 72514-3 stands twice/,
    at: 'LOINC,72514-3,Pain',
    lineOnly: true,
  },
  'a row without a code': {
    file: 'codes/obs-pain-intensity.csv',
    from: 'LOINC,72514-3',
    to: 'LOINC,',
    message: /needs a system and a code/,
    at: 'LOINC,,',
    lineOnly: true,
  },
  'a key that stands twice': {
    file: 'red-flags.yaml',
    from: '    urgency: emergency\n',
    to: '    urgency: emergency\n    urgency: urgent\n',
    message: /unique/,
    at: 'urgency: urgent',
  },
  'a field nobody knows': {
    file: 'settings.yaml',
    from: 'groupingWindowDays:',
    to: 'surprise: 1\ngroupingWindowDays:',
    message: /additional properties \(surprise\)/,
  },
  'a number in words': {
    file: 'settings.yaml',
    from: 'groupingWindowDays: 30',
    to: 'groupingWindowDays: many',
    message: /must be/,
    at: 'many',
  },
  'a safety rule for a treatment nobody knows': {
    file: 'safety/nsaid.yaml',
    from: '{ treatments: [ nsaid ] }',
    to: '{ treatments: [ nosaid ] }',
    message: /treatment "nosaid" does not exist/,
    at: 'nosaid',
  },
  'a safety rule for an agent set nobody knows': {
    file: 'safety/nsaid.yaml',
    from: '[ ingr-diclofenac, ingr-coxib ]',
    to: '[ ingr-diclofenac, ingr-nothing ]',
    message: /agent set "ingr-nothing" does not exist/,
    at: 'ingr-nothing',
  },
  'a safety rule for a trait nobody has': {
    file: 'safety/burden.yaml',
    from: 'traits: [ serotonergic ]',
    to: 'traits: [ sparkling ]',
    message: /trait "sparkling" does not exist/,
    at: 'sparkling',
  },
  'a safety rule that refers to no rule': {
    file: 'safety/nsaid.yaml',
    from: 'rule(NS-1, NS-4,',
    to: 'rule(NS-1, NS-99,',
    message: /safety rule "NS-99" is not in the closed list/,
    at: 'NS-99, NS-6',
  },
  'a safety rule that refers to itself': {
    file: 'safety/nsaid.yaml',
    from: 'rule(NS-1, NS-4,',
    to: 'rule(NS-1, NS-34,',
    message: /rule "NS-34" refers to itself/,
    at: 'rule(NS-1, NS-34,',
  },
  'a safety rule that asks and does not say what for': {
    file: 'safety/population.yaml',
    from: '    needs: date of birth\n',
    to: '',
    message: /rule "PO-1" asks, but does not say what it needs/,
    at: 'id: PO-1',
  },
  'a safety rule with a source nobody knows': {
    file: 'safety/paracetamol.yaml',
    from: 'sources: [ Ofirmev label 2016, CONSENSUS ]',
    to: 'sources: [ Nobody 1900, CONSENSUS ]',
    message: /source "Nobody 1900" does not exist/,
    at: 'Nobody 1900',
  },
  'a source that stands twice': {
    file: 'sources.yaml',
    from: '  - key: Ketorolac label',
    to: '  - key: Naproxen label',
    message: /source "Naproxen label" stands twice/,
  },
  'a safety rule that stands twice': {
    file: 'safety/paracetamol.yaml',
    from: 'id: PA-2',
    to: 'id: PA-1',
    message: /rule "PA-1" stands twice/,
  },
  'a rule without trigger and without a reason for it': {
    file: 'safety/paracetamol.yaml',
    from: '    when: "pregnant"\n',
    to: '',
    message: /must have required property/,
  },
  'a fresh value of a set without a window': {
    file: 'safety/paracetamol.yaml',
    from: 'value(obs-weight) < 50 kg fresh',
    to: 'value(obs-lactate) < 50 mmol/L fresh',
    message: /no freshness window for "obs-lactate"/,
  },
  'a window for a set nobody knows': {
    file: 'freshness.yaml',
    from: '[ obs-potassium, obs-sodium ]',
    to: '[ obs-potassium, obs-salt ]',
    message: /code set "obs-salt" does not exist/,
    at: 'obs-salt',
  },
  'a treatment with an agent nobody knows': {
    file: 'treatments.yaml',
    from: 'agents: [ ingr-ibuprofen,',
    to: 'agents: [ ingr-nothing,',
    message: /code set "ingr-nothing" does not exist/,
    at: 'ingr-nothing',
  },
  'a line of guidance with an agent nobody knows': {
    file: 'guidance/inflammatory.yaml',
    from: 'agents: [ ingr-duloxetine ]',
    to: 'agents: [ ingr-nothing ]',
    message: /code set "ingr-nothing" does not exist/,
    at: 'ingr-nothing',
  },
  'a definition with an unknown set': {
    file: 'definitions.yaml',
    from: 'has(safety-pregnancy)',
    to: 'has(safety-nothing)',
    message: /code set "safety-nothing"/,
    at: 'safety-nothing',
  },
};

const positionOf = (text: string, at: string): { line: number; column: number } => {
  const before = text.slice(0, text.indexOf(at)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

describe('loadKnowledge', function slowStart() {
  this.timeout(20_000);
  const folders: string[] = [];
  const copy = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'pain-cds-cards-'));
    folders.push(folder);
    cpSync(CARDS, folder, { recursive: true });
    return folder;
  };
  const edit = (folder: string, { file, from, to }: Edit): string => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from), `${file} no longer holds ${from}`);
    const edited = text.replace(from, () => to);
    writeFileSync(path, edited);
    return edited;
  };
  const faultsOf = (folder: string): KnowledgeInvalid['faults'] => {
    try {
      loadKnowledge(folder);
    } catch (error) {
      if (error instanceof KnowledgeInvalid) return error.faults;
      throw error;
    }
    return [];
  };
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('loads cards/', () => {
    const knowledge = realKnowledge();

    assert.equal(knowledge.categories.length, 6);
    assert.equal(knowledge.guidance.size, 6);
    assert.match(knowledge.digest, /^sha256-[0-9a-f]{64}$/);
    assert.ok(Object.isFrozen(knowledge));
    assert.ok(knowledge.reads.observationCodes.includes('72514-3'));
  });

  it('gives a copy the same digest, and a changed copy another', () => {
    const folder = copy();
    const same = loadKnowledge(folder).digest;
    const path = join(folder, 'codes/obs-crp.csv');
    writeFileSync(path, `${readFileSync(path, 'utf8')}LOINC,1-1,Another,,,exact,,,,,,,test\n`);

    assert.equal(same, realKnowledge().digest);
    assert.notEqual(loadKnowledge(folder).digest, same);
  });

  for (const [situation, change] of Object.entries(edits)) {
    it(`names the place of ${situation}`, () => {
      const folder = copy();
      const text = edit(folder, change);

      const fault = faultsOf(folder).find(({ message }) => change.message.test(message));

      assert.equal(fault?.file, change.file);
      if (change.at === undefined) return;
      const { line, column } = positionOf(text, change.at);
      assert.equal(fault?.line, line);
      if (!change.lineOnly) assert.equal(fault?.column, column);
    });
  }

  it('reports faults of several files at once', () => {
    const folder = copy();
    const several = ['an unknown set', 'a unit that is not listed', 'a code that stands twice'].map(
      (name) => edits[name],
    );
    for (const change of several) if (change) edit(folder, change);

    const faults = faultsOf(folder);

    for (const change of several) {
      assert.ok(faults.some(({ message }) => change?.message.test(message)));
    }
    assert.equal(faults.length, several.length);
  });

  for (const file of [
    'settings.yaml',
    'categories/cancer.yaml',
    'codes/is-a.csv',
    'schema/sets.schema.json',
  ]) {
    it(`names ${file} where it is missing`, () => {
      const folder = copy();
      rmSync(join(folder, file));

      assert.ok(
        faultsOf(folder).some((fault) => fault.file === file && /missing/.test(fault.message)),
      );
    });
  }

  it('names the folder where nothing is', () => {
    assert.ok(faultsOf(join(tmpdir(), 'pain-cds-nowhere')).length > 0);
  });

  it('names a YAML file that cannot be read', () => {
    const folder = copy();
    writeFileSync(join(folder, 'red-flags.yaml'), 'redFlags: [\n  - {');

    const fault = faultsOf(folder).find(({ file }) => file === 'red-flags.yaml');

    assert.ok(fault?.line);
  });

  it('names a schema that cannot be read', () => {
    const folder = copy();
    writeFileSync(join(folder, 'schema/sets.schema.json'), '{');

    assert.ok(faultsOf(folder).some(({ file }) => file === 'schema/sets.schema.json'));
  });
});
