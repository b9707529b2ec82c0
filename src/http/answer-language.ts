// Which language a call is answered in: what Accept-Language asks for, else the site's. Must not know what is said.
import type { Request, Response } from 'express';
import type { CardLanguages } from '../cds/card-languages.js';

/**
 * Creates the choice. A language nobody here speaks is no fault, and `*` means the site's; a tag is answered only by a
 * language that lists it, so that Traditional Chinese is never taken for Simplified.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.accept-language
 */
export const createLanguageChoice = ({
  fallback,
  byTag,
}: CardLanguages): ((request: Request, response: Response) => string) => {
  // The site's first: of languages that are wanted alike the first one is taken.
  const languages = [...byTag].sort(([a], [b]) => Number(b === fallback) - Number(a === fallback));
  const byAccepted = new Map(
    languages.flatMap(([tag, { texts }]) => texts.accepts.map((accepted) => [accepted, tag])),
  );
  const offered = [...byAccepted.keys()];
  return (request, response) => {
    const isAsked = request.headers['accept-language'] !== undefined;
    const accepted = isAsked && request.acceptsLanguages(offered);
    const chosen = (accepted && byAccepted.get(accepted)) || fallback;
    response.vary('Accept-Language').set('content-language', chosen);
    return chosen;
  };
};
