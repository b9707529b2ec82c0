// The invariants of the CDS Hooks 3.0 ballot's logical models and our own rules of conformance.md G to L, as a list of faults. Must not know services.

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TOPIC = /^[A-Za-z0-9]{1,100}$/;

const CARD_FIELDS = new Set([
  'uuid',
  'summary',
  'detail',
  'indicator',
  'source',
  'suggestions',
  'selectionBehavior',
  'overrideReasons',
  'links',
  'extension',
]);

/** TRN-3: nothing is null or empty except `cards`, `services` and `classification`. */
const emptyFaults = (value: unknown, path: string): string[] => {
  if (value === null) return [`TRN-3 ${path} is null`];
  if (value === '') return [`TRN-3 ${path} is an empty string`];
  if (typeof value !== 'object') return [];
  const entries = Object.entries(value);
  const mayBeEmpty = /\/(cards|services|classification)$/.test(path);
  if (entries.length === 0 && !mayBeEmpty) return [`TRN-3 ${path} is empty`];
  return entries.flatMap(([key, child]) => emptyFaults(child, `${path}/${key}`));
};

const actionFaults = (action: Json, path: string): string[] => {
  const { type, description, resource, resourceId } = action;
  const faults: string[] = [];
  if (typeof description !== 'string') faults.push(`cds-resp-5 ${path} has no description`);
  if (!['create', 'update', 'delete'].includes(String(type))) faults.push(`SUG-5 ${path}/type`);
  if (type === 'delete') {
    if (resource !== undefined || typeof resourceId !== 'string')
      faults.push(`cds-resp-2 ${path} deletes without resourceId or with a resource`);
    else if (!/^[A-Z][A-Za-z]+\/[^/\s]+$/.test(resourceId)) faults.push(`SUG-8 ${path}/resourceId`);
  } else if (!isObject(resource) || typeof resource.resourceType !== 'string')
    faults.push(`TRN-6 ${path}/resource is no resource`);
  return faults;
};

const suggestionFaults = (suggestion: Json, path: string): string[] => {
  const faults: string[] = [];
  const { label, uuid, actions, actionSelectionBehavior } = suggestion;
  if (typeof label !== 'string' || label === '') faults.push(`SUG-1 ${path}/label`);
  if (!UUID.test(String(uuid))) faults.push(`SUG-2 ${path}/uuid`);
  if (actionSelectionBehavior !== undefined)
    faults.push(`cds-resp-7, SUG-11 ${path}/actionSelectionBehavior is sent`);
  if (listOf(actions).length !== 1) faults.push(`SUG-4, SUG-12 ${path} has not one action`);
  return [
    ...faults,
    ...listOf(actions).flatMap((action, at) => actionFaults(action, `${path}/actions/${at}`)),
  ];
};

const linkFaults = (link: Json, path: string): string[] => {
  const { label, url, type, appContext, autolaunchable } = link;
  const faults: string[] = [];
  if (typeof label !== 'string') faults.push(`LNK-1 ${path}/label`);
  if (!URL.canParse(String(url)) || !/^https?:$/.test(new URL(String(url)).protocol))
    faults.push(`LNK-1 ${path}/url`);
  if (type !== 'absolute' && type !== 'smart') faults.push(`LNK-1 ${path}/type`);
  if (appContext !== undefined && type !== 'smart') faults.push(`cds-resp-3 ${path}/appContext`);
  if (autolaunchable !== undefined) faults.push(`LNK-4 ${path}/autolaunchable`);
  return faults;
};

const sourceFaults = (source: unknown, path: string): string[] => {
  if (!isObject(source) || typeof source.label !== 'string') return [`CAR-3 ${path}`];
  const { topic, url } = source;
  const faults: string[] = [];
  if (url !== undefined && !URL.canParse(String(url))) faults.push(`SRC-2 ${path}/url`);
  if (!isObject(topic) || typeof topic.system !== 'string' || !TOPIC.test(String(topic.code)))
    faults.push(`SRC-4, SRC-5 ${path}/topic`);
  return faults;
};

const cardFaults = (card: Json, path: string): string[] => {
  const { summary, indicator, uuid, selectionBehavior } = card;
  const faults = Object.keys(card)
    .filter((key) => !CARD_FIELDS.has(key))
    .map((key) => `CAR-9 ${path}/${key}`);
  if (typeof summary !== 'string' || summary.length > 139) faults.push(`CAR-1 ${path}/summary`);
  if (!['info', 'warning', 'critical'].includes(String(indicator)))
    faults.push(`CAR-2 ${path}/indicator`);
  if (!UUID.test(String(uuid))) faults.push(`CAR-7 ${path}/uuid`);
  const suggestions = listOf(card.suggestions);
  if (suggestions.length > 0 !== (selectionBehavior !== undefined))
    faults.push(`cds-resp-6, CAR-8 ${path}/selectionBehavior`);
  const recommended = suggestions.filter(({ isRecommended }) => isRecommended === true).length;
  if (recommended > 1) faults.push(`cds-resp-1, SUG-3 ${path}/suggestions`);
  const types = new Set(listOf(card.links).map(({ type }) => type));
  if (types.size > 1) faults.push(`LNK-6 ${path}/links`);
  for (const [at, reason] of listOf(card.overrideReasons).entries()) {
    const isCoded = ['code', 'system', 'display'].every((key) => typeof reason[key] === 'string');
    if (!isCoded) faults.push(`cds-resp-4, OVR-1 ${path}/overrideReasons/${at}`);
  }
  return [
    ...faults,
    ...sourceFaults(card.source, `${path}/source`),
    ...suggestions.flatMap((one, at) => suggestionFaults(one, `${path}/suggestions/${at}`)),
    ...listOf(card.links).flatMap((link, at) => linkFaults(link, `${path}/links/${at}`)),
  ];
};

/** Faults of an answer to a service call, each with the id of the rule it breaks; empty when it keeps them all. */
export const responseFaults = (body: unknown): readonly string[] => {
  if (!isObject(body) || !Array.isArray(body.cards)) return ['RES-1 no cards'];
  const faults = Object.keys(body)
    .filter((key) => key !== 'cards' && key !== 'extension')
    .map((key) => `RES-6, SYS-1 /${key}`);
  return [
    ...faults,
    ...emptyFaults(body, ''),
    ...listOf(body.cards).flatMap((card, at) => cardFaults(card, `/cards/${at}`)),
  ];
};

/** Faults of any other answer: nothing empty or null, and an error is an OperationOutcome that says something. */
export const answerFaults = (body: unknown, status: number): readonly string[] => {
  const faults = emptyFaults(body, '');
  if (status < 400) return faults;
  const { resourceType, issue } = isObject(body) ? body : {};
  const issues = listOf(issue);
  const isSaid = issues.every(({ severity, code, details }) =>
    [severity, code, isObject(details) ? details.text : undefined].every(
      (text) => typeof text === 'string',
    ),
  );
  if (resourceType !== 'OperationOutcome' || issues.length === 0 || !isSaid)
    faults.push('RES-5 no OperationOutcome');
  return faults;
};

/** Faults of a request by the same models: cds-r-1, and cds-r-2 which is a warning only. */
export const requestFaults = (body: unknown): readonly string[] => {
  if (!isObject(body)) return ['no object'];
  const { fhirAuthorization, fhirServer } = body;
  if (!isObject(fhirAuthorization)) return [];
  const faults: string[] = [];
  if (typeof fhirServer !== 'string') faults.push('cds-r-1 /fhirServer');
  const isOfPatient = /(^|\s)patient\//.test(String(fhirAuthorization.scope ?? ''));
  if (isOfPatient && fhirAuthorization.patient === undefined)
    faults.push('cds-r-2 (warning) /fhirAuthorization/patient');
  return faults;
};

/** Faults of one feedback body: cds-fb-1 to cds-fb-3. */
export const feedbackFaults = (body: unknown): readonly string[] =>
  listOf(isObject(body) ? body.feedback : undefined).flatMap((item, at) => {
    const { outcome, acceptedSuggestions, overrideReason } = item;
    const faults: string[] = [];
    if (outcome !== 'accepted' && outcome !== 'overridden') faults.push(`cds-fb-1 ${at}`);
    if (outcome === 'accepted' && listOf(acceptedSuggestions).length === 0)
      faults.push(`cds-fb-2 ${at}`);
    if (isObject(overrideReason)) {
      const { reason, userComment } = overrideReason;
      if (reason === undefined && userComment === undefined) faults.push(`cds-fb-3 ${at}`);
    }
    return faults;
  });
