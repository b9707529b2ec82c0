// The command line: options -> command -> exit code. Must not hold what the commands do.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { machineReadable } from '../cds/machine-readable.js';
import { readConfig } from '../config.js';
import { AppError } from '../errors.js';
import { startServer } from '../main.js';
import { evaluate } from '../pain/evaluate.js';
import { chainChecker, loadKnowledge, wireSetupSheets, wireStore } from '../wire.js';
import { auditCommand } from './audit-command.js';
import { type EvaluateOptions, evaluateCommand } from './evaluate-command.js';
import { replayCommand } from './replay-command.js';
import { setupSheetCommand } from './setup-sheet-command.js';
import { terminalText } from './terminal-text.js';

const WRONG_USAGE = 2;
const FAILED = 1;

/** The version of the package this file is part of. */
function productVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** Of commands that start no server: what production mode asks for, or demo mode refuses, is not needed there. */
const NO_SERVER = { PAIN_CDS_MODE: 'demo', PAIN_CDS_CLIENTS: '', HOST: '' } as const;

/** A plain date given as `--now` means its first moment, UTC. */
const asInstant = (now: string | undefined): string | undefined =>
  now !== undefined && /^\d{4}-\d\d-\d\d$/.test(now) ? `${now}T00:00:00Z` : now;

const program = new Command('pain-cds')
  .description(
    'CDS Hooks service that classifies pain by pathophysiology. Decision support, not diagnosis.',
  )
  .version(productVersion())
  .exitOverride()
  .showHelpAfterError();

program
  .command('serve')
  .description('run the service (demo mode unless PAIN_CDS_MODE says otherwise)')
  .option('--fixtures <path>', 'folder, Bundle or NDJSON for the sandbox instead of fhir-fixtures/')
  .action(async ({ fixtures }: { fixtures?: string }) => {
    await startServer({
      ...process.env,
      ...(fixtures !== undefined && { PAIN_CDS_FIXTURES: fixtures }),
    });
  });

program
  .command('evaluate')
  .description('explain the pains of the patients in FHIR R4 files')
  .argument('<files...>', 'Bundle JSON, NDJSON, gzipped or not; - for standard input')
  .option('--json', 'print the machine-readable answer, one line a patient')
  .option('--summary', 'print counts over all patients')
  .option('--now <instant>', 'evaluation time: a date, or an instant with zone')
  .action(async (files: string[], options: EvaluateOptions & { now?: string }) => {
    const config = readConfig({
      ...process.env,
      ...NO_SERVER,
      EVALUATION_TIME: asInstant(options.now) ?? process.env.EVALUATION_TIME ?? '',
    });
    const knowledge = loadKnowledge(config.cardsFolder, config.siteFolder);
    const now = config.evaluationTime ?? new Date();
    process.stdout.on('error', (error: NodeJS.ErrnoException) =>
      process.exit(error.code === 'EPIPE' ? 0 : FAILED),
    );
    process.exitCode = await evaluateCommand(files, options, {
      evaluate: (record) => evaluate(record, knowledge, now),
      texts: knowledge.engineTexts,
      toContract: machineReadable,
      out: process.stdout,
      err: process.stderr,
    });
  });

/** The configured store, closed when the work is done. */
const withStore = async (
  work: (store: ReturnType<typeof wireStore>) => Promise<number>,
): Promise<void> => {
  const store = wireStore(readConfig({ ...process.env, ...NO_SERVER }));
  try {
    process.exitCode = await work(store);
  } finally {
    await store.evaluations.close();
  }
};

program
  .command('replay')
  .description('make the cards of a stored evaluation again and compare them with what was shown')
  .argument('<evaluation>', 'id of the evaluation')
  .option('--json', 'print the comparison and the cards as JSON')
  .action((id: string, options: { json?: boolean }) =>
    withStore(({ evaluations, replay }) =>
      replayCommand(id, options, {
        replay: async (wanted) => {
          const stored = await evaluations.find(wanted);
          return stored && replay(stored);
        },
        out: process.stdout,
        err: process.stderr,
      }),
    ),
  );

program
  .command('audit')
  .description('print the audit trail as NDJSON of FHIR AuditEvents')
  .option('--verify', 'check the chain of hashes instead; exit code 1 when a link is broken')
  .action((options: { verify?: boolean }) =>
    withStore(({ evaluations }) =>
      auditCommand(options, {
        events: evaluations.readAudit(),
        isLinked: chainChecker(),
        out: process.stdout,
        err: process.stderr,
      }),
    ),
  );

program
  .command('feedback')
  .description('count outcomes and override reasons by topic, tab-separated')
  .action(() =>
    withStore(async ({ evaluations }) => {
      process.stdout.write('topic\toutcome\treason\tcount\n');
      for (const { topic, outcome, reason, count } of await evaluations.countFeedback())
        process.stdout.write(
          `${terminalText(topic)}\t${outcome}\t${terminalText(reason)}\t${count}\n`,
        );
      return 0;
    }),
  );

program
  .command('setup-sheet')
  .description('print what a site types into its EHR to use this server, for one client')
  .requiredOption('--client <id>', 'id in the client registry; demo without a registry')
  .option('--json', 'print JSON instead of Markdown')
  .action((options: { client: string; json?: boolean }) => {
    const clientsFile = process.env.PAIN_CDS_CLIENTS || undefined;
    const isOpen = clientsFile === undefined;
    // Of production mode only who may call and where is needed.
    const config = readConfig({
      ...process.env,
      ...NO_SERVER,
      PAIN_CDS_DISCOVERY: process.env.PAIN_CDS_DISCOVERY || (isOpen ? 'open' : 'closed'),
    });
    process.exitCode = setupSheetCommand(options, {
      sheetOf: wireSetupSheets(config, clientsFile),
      out: process.stdout,
      err: process.stderr,
    });
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  else if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = FAILED;
  } else {
    const { code } = error as NodeJS.ErrnoException;
    process.stderr.write(
      `${code === 'EADDRINUSE' ? 'the port is already in use; set PORT' : ((error as Error).stack ?? 'failed')}\n`,
    );
    process.exitCode = FAILED;
  }
}
