// The seventh character of an injury code -> first care, healing or sequela. Must not know what that means for pain.
import type { Vocabulary } from '../pain/knowledge.js';

/** Where a code system writes the episode of care of an injury, and what the characters mean. */
export interface EpisodeCharacter {
  readonly prefixes: readonly string[];
  /** Place of the character, counted without the dot. */
  readonly position: number;
  readonly initial: string;
  readonly subsequent: string;
  readonly sequela: string;
}

/** Reads the episode of a recorded code; undefined where the system or the code says none. */
export const episodeReader = (
  systems: readonly {
    readonly uris: readonly string[];
    readonly episode?: EpisodeCharacter | undefined;
  }[],
): Vocabulary['episodeOf'] => {
  const byUri = new Map(
    systems.flatMap(({ uris, episode }) =>
      episode ? uris.map((uri) => [uri, episode] as const) : [],
    ),
  );
  return (system, code) => {
    const episode = system === undefined ? undefined : byUri.get(system);
    if (!episode?.prefixes.some((prefix) => code.replace('.', '').startsWith(prefix)))
      return undefined;
    const character = code.replace('.', '').charAt(episode.position - 1);
    if (character === '') return undefined;
    if (episode.initial.includes(character)) return 'initial';
    if (episode.subsequent.includes(character)) return 'subsequent';
    return episode.sequela.includes(character) ? 'sequela' : undefined;
  };
};
