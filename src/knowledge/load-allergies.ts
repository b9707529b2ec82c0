// cards/allergies.yaml -> how allergy entries are read. Must not know patients.
import type { KnowledgeFault } from '../errors.js';
import type { AllergyRules } from '../pain/medicine.js';
import { type CodeMatch, codeMatch } from '../pain/terms.js';
import type { AllergiesDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';
import { phraseIndex, scan, wordsOf } from './words.js';

const keyOf = ({ system, code }: { readonly system: string; readonly code: string }): string =>
  `${system}|${code}`;

/** Tells whether a text says phrases of the list and nothing else but `around`: more words may name an exception. */
const wholeTextFinder = (
  list: readonly string[],
  around: readonly string[],
): ((text: string) => boolean) => {
  const index = phraseIndex([
    ...list.map((phrase) => ({ phrase, isSaid: true })),
    ...around.map((phrase) => ({ phrase, isSaid: false })),
  ]);
  return (text) => {
    const words = wordsOf(text);
    let isFound = false;
    let understood = 0;
    scan(index, words, (hit) => {
      isFound ||= hit.isSaid;
      understood += hit.words.length;
    });
    return isFound && understood === words.length;
  };
};

const finder = (list: readonly string[]): ((text: string) => boolean) => {
  const index = phraseIndex(list.map((phrase) => ({ phrase })));
  return (text) => {
    let isFound = false;
    scan(index, wordsOf(text), () => {
      isFound = true;
    });
    return isFound;
  };
};

/** Compiles the document; a class that does not exist is a fault. */
export const loadAllergies = (
  file: YamlFile,
  document: AllergiesDocument,
  sets: ReadonlySet<string>,
  faults: KnowledgeFault[],
): AllergyRules => {
  const classes = new Map<string, CodeMatch[]>();
  for (const [at, { set, words }] of document.classWords.entries()) {
    if (!sets.has(set))
      faults.push(file.faultAt(['classWords', at, 'set'], `code set "${set}" does not exist`));
    for (const word of words)
      classes.set(word, [...(classes.get(word) ?? []), codeMatch(set, word, [])]);
  }
  const index = phraseIndex([...classes].map(([phrase, matches]) => ({ phrase, matches })));
  return {
    noKnownSet: document.noKnownSet,
    noKnown: new Map(document.noKnown.map((one) => [keyOf(one), one.display ?? one.code])),
    isNoKnownText: wholeTextFinder(document.noKnownWords, []),
    isOtherText: wholeTextFinder(document.otherAllergens, document.allergyWords),
    noInformation: new Set(document.noInformation.map(keyOf)),
    severeReactions: new Set(document.severeReactions.map(keyOf)),
    isSevereText: finder(document.severeWords),
    classesIn: (text) => {
      const found: CodeMatch[] = [];
      scan(index, wordsOf(text), ({ matches }) => {
        for (const match of matches) if (!found.includes(match)) found.push(match);
      });
      return found;
    },
  };
};
