// Counts of calls, cards and feedback in the Prometheus text format. Must not know ids, patients or clients: labels are closed lists.
import { performance } from 'node:perf_hooks';
import type { RequestHandler } from 'express';

/** What is counted and how it is shown. */
export interface Metrics {
  /** Counts each answer below `/cds-services/{id}` when it ends; the handlers leave what is counted in `response.locals`. */
  readonly record: RequestHandler;
  readonly text: () => string;
}

type Labels = Readonly<Record<string, string>>;

const BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Every name with its help; in the order they are shown. */
const NAMES = {
  pain_cds_requests_total: 'Answers by service, kind (call, feedback) and outcome.',
  pain_cds_cards_total: 'Cards shown, by service and topic.',
  pain_cds_evaluations_total: 'Evaluations by service and completeness.',
  pain_cds_defects_total: 'Pains left out of an answer because a rule broke, by service.',
  pain_cds_withheld_total: 'Lines of treatment withheld, by service.',
  pain_cds_feedback_items_total: 'Feedback items by service and what became of them.',
  pain_cds_call_duration_seconds: 'Time to answer a call, by service.',
} as const;
type Name = keyof typeof NAMES;
const HISTOGRAM: Name = 'pain_cds_call_duration_seconds';

/** The calls of one service: how many took no longer than each bucket says, seconds of all, and how many they are. */
interface Durations {
  readonly within: number[];
  sum: number;
  count: number;
}

const histogramLines = (service: string, { within, sum, count }: Durations): string[] => [
  ...BUCKETS_S.map(
    (le, at) => `${HISTOGRAM}_bucket{service="${service}",le="${le}"} ${within[at]}`,
  ),
  `${HISTOGRAM}_bucket{service="${service}",le="+Inf"} ${count}`,
  `${HISTOGRAM}_sum{service="${service}"} ${sum}`,
  `${HISTOGRAM}_count{service="${service}"} ${count}`,
];

const series = (name: string, labels: Labels): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value.replaceAll(/[^\w.-]/g, '_')}"`)
    .join(',')}}`;

/** Counters of one process, all at zero. */
export const createMetrics = (): Metrics => {
  const values = new Map<Name, Map<string, number>>();
  const durations = new Map<string, Durations>();
  const add = (name: Name, labels: Labels, by = 1): void => {
    const known = values.get(name) ?? new Map<string, number>();
    const key = series(name, labels);
    known.set(key, (known.get(key) ?? 0) + by);
    values.set(name, known);
  };
  const observe = (service: string, seconds: number): void => {
    const known = durations.get(service) ?? { within: BUCKETS_S.map(() => 0), sum: 0, count: 0 };
    durations.set(service, known);
    for (const [at, le] of BUCKETS_S.entries())
      if (seconds <= le) known.within[at] = (known.within[at] ?? 0) + 1;
    known.sum += seconds;
    known.count += 1;
  };
  const record: RequestHandler = (_request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const { serviceId, errorCode, counted, receipt } = response.locals;
      // Only a service that exists is named, so that nobody can invent labels.
      if (typeof serviceId !== 'string') return;
      const service = serviceId;
      const kind = response.locals.isFeedback === true ? 'feedback' : 'call';
      const outcome = response.writableFinished ? (errorCode ?? 'ok') : 'CLIENT_GONE';
      add('pain_cds_requests_total', { service, kind, outcome });
      if (kind === 'call') observe(service, (performance.now() - started) / 1000);
      if (counted) {
        const { topics, completeness, withheld, defects } = counted;
        for (const topic of topics) add('pain_cds_cards_total', { service, topic });
        add('pain_cds_evaluations_total', { service, completeness });
        add('pain_cds_withheld_total', { service }, withheld);
        add('pain_cds_defects_total', { service }, defects);
      }
      for (const [result, count] of Object.entries<number>(receipt ?? {}))
        add('pain_cds_feedback_items_total', { service, result }, count);
    });
    next();
  };
  const text = (): string =>
    Object.entries(NAMES)
      .flatMap(([name, help]) => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${name === HISTOGRAM ? 'histogram' : 'counter'}`,
        ...[...(values.get(name as Name) ?? [])].map(([key, value]) => `${key} ${value}`),
        ...(name === HISTOGRAM ? [...durations].flatMap((one) => histogramLines(...one)) : []),
        '',
      ])
      .join('\n');
  return { record, text };
};

/** Answers the counts. */
export const showMetrics =
  ({ text }: Pick<Metrics, 'text'>): RequestHandler =>
  (_request, response) => {
    response.type('text/plain; version=0.0.4').send(text());
  };
