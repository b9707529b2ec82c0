// What codes and terms of code systems were found to say. Must not be given words of a chart: it outlives the call.

const MOST = 5000;
const LONGEST = 200;

/**
 * Looks each term up but once. Charts repeat few codes, and the answer is the same for every patient.
 * Bounded in number and length, as the terms come from callers.
 */
export const rememberByTerm = <T>(lookUp: (term: string) => T): ((term: string) => T) => {
  const known = new Map<string, T>();
  return (term) => {
    const before = known.get(term);
    if (before !== undefined) return before;
    const found = lookUp(term);
    if (known.size < MOST && term.length <= LONGEST) known.set(term, found);
    return found;
  };
};
